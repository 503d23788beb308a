"""An S3 of one bucket in memory: moto's, behind a check of every signature by botocore, the signer of AWS's own tools.

Prints the port it listens at, and ends with its input. `s3_server.py ACCESS_KEY SECRET_KEY REGION BUCKET`
"""

import datetime
import logging
import os
import sys
import threading
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import parse_qs, urlsplit, urlunsplit

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
from werkzeug.test import Client

ACCESS_KEY, SECRET_KEY, REGION, BUCKET = sys.argv[1:]
SIGNER = S3SigV4QueryAuth(Credentials(ACCESS_KEY, SECRET_KEY), "s3", REGION)


def fault(environ):
    """The code of what is wrong with a request's signature; None when nothing is."""
    # werkzeug keeps the address as it was sent, before anything is decoded.
    parts = urlsplit(environ["RAW_URI"])
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    signature = asked.get("X-Amz-Signature")
    if not signature:
        return "AccessDenied"
    key, _, region, service, _ = asked["X-Amz-Credential"].split("/")
    if key != ACCESS_KEY:
        return "InvalidAccessKeyId"
    if (region, service) != (REGION, "s3"):
        return "AuthorizationQueryParametersError"
    signed_at = datetime.datetime.strptime(asked["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    age = (datetime.datetime.now(datetime.timezone.utc) - signed_at).total_seconds()
    if not -300 < age < int(asked["X-Amz-Expires"]):
        return "RequestTimeTooSkewed"
    query = "&".join(part for part in parts.query.split("&") if not part.startswith("X-Amz-Signature="))
    headers = {name: environ["HTTP_" + name.upper().replace("-", "_")] for name in asked["X-Amz-SignedHeaders"].split(";")}
    url = urlunsplit(("http", environ["HTTP_HOST"], parts.path, query, ""))
    request = AWSRequest(method=environ["REQUEST_METHOD"], url=url, headers=headers)
    request.context["timestamp"] = asked["X-Amz-Date"]
    text = SIGNER.string_to_sign(request, SIGNER.canonical_request(request))
    return None if SIGNER.signature(text, request) == signature else "SignatureDoesNotMatch"


def guarded(moto):
    # How much older everything is than moto thinks: `GET /passed/SECONDS` lets files grow old.
    passed = datetime.timedelta()

    def older(name, value):
        return (name, format_datetime(parsedate_to_datetime(value) - passed, usegmt=True) if name.lower() == "last-modified" else value)

    def answer(environ, start_response):
        nonlocal passed
        path = environ["PATH_INFO"]
        if path.startswith("/passed/"):
            passed += datetime.timedelta(seconds=int(path.removeprefix("/passed/")))
            start_response("200 OK", [])
            return [b""]
        code = fault(environ)
        if code is None:
            return moto(environ, lambda status, headers, *rest: start_response(status, [older(*header) for header in headers], *rest))
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response("403 Forbidden", [("content-type", "application/xml")])
        text = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>no</Message></Error>'
        return [text.encode() if environ["REQUEST_METHOD"] != "HEAD" else b""]

    return answer


def end_with_input():
    sys.stdin.read()
    os._exit(0)


logging.getLogger("werkzeug").setLevel(logging.ERROR)
moto = DomainDispatcherApplication(create_backend_app)
assert Client(moto).put(f"/{BUCKET}").status_code == 200
server = make_server("127.0.0.1", 0, guarded(moto), threaded=True)
print(server.server_port, flush=True)
threading.Thread(target=end_with_input, daemon=True).start()
server.serve_forever()
