//! Files in an S3-compatible bucket. Signing is the library's; what is sent goes the way of all requests to foreign servers,
//! except that an administrator named the endpoint, so that it may lie inside the own network.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use chrono::DateTime;
use futures_util::{StreamExt, TryStreamExt};
use http_body_util::{BodyExt, Limited, StreamBody};
use hyper::body::Frame;
use rusty_s3::actions::ListObjectsV2;
use rusty_s3::{Credentials, S3Action, UrlStyle};
use url::Url;

use super::{Opened, Result, Unavailable, stream};
use crate::clock::system_ms;
use crate::outbound::{Answer, Outbound, Question, Sent, Target, Unsent, whole};

/// How the bucket is reached.
#[derive(Clone)]
pub struct BucketOptions {
    /// `https://host` or, inside the own network, `http://host:port`.
    pub endpoint: String,
    pub bucket: String,
    pub region: String,
    /// The bucket's name in the path rather than before the host.
    pub path_style: bool,
    pub access_key: String,
    pub secret_key: String,
}

impl std::fmt::Debug for BucketOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BucketOptions")
            .field("endpoint", &self.endpoint)
            .field("bucket", &self.bucket)
            .field("region", &self.region)
            .field("path_style", &self.path_style)
            .finish_non_exhaustive()
    }
}

/// How long a signature holds: longer than any one request takes.
const SIGNED: Duration = Duration::from_secs(900);
/// A server that says nothing for so long says nothing at all.
const PATIENCE: Duration = Duration::from_secs(15);
/// What a body is given besides; slower than this is as good as broken. Bytes per second.
const SLOWEST: u64 = 64 * 1024;
/// Who asks whether all is well waits no longer.
const READY: Duration = Duration::from_secs(5);
/// Answers in XML: an error, or a page of at most 1,000 names.
const TEXT_MAX: usize = 4 << 20;
/// How often what may pass is tried, and the pause before the second time; it doubles.
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(200);

pub struct Bucket {
    bucket: rusty_s3::Bucket,
    credentials: Credentials,
    endpoint: String,
    outbound: Outbound,
}

impl Bucket {
    pub fn new(options: BucketOptions, outbound: Outbound) -> Result<Bucket> {
        if options.endpoint.contains('@') {
            return Err(Unavailable::Bucket(
                "the S3 endpoint holds a name or a password; the keys have options of their own"
                    .into(),
            ));
        }
        let wrong = |why: &dyn std::fmt::Display| {
            Unavailable::Bucket(format!("the S3 endpoint {}: {why}", options.endpoint))
        };
        let url: Url = options.endpoint.parse().map_err(|error| wrong(&error))?;
        let style = if options.path_style {
            UrlStyle::Path
        } else {
            UrlStyle::VirtualHost
        };
        let bucket =
            rusty_s3::Bucket::new(url, style, options.bucket.clone(), options.region.clone())
                .map_err(|error| wrong(&error))?;
        Target::parse(bucket.base_url().as_str(), true).map_err(|error| match error {
            Unsent::Address("url_not_https") => {
                wrong(&"without TLS only addresses of the own network are spoken to; use https://")
            }
            _ => wrong(&"not an address"),
        })?;
        Ok(Bucket {
            bucket,
            credentials: Credentials::new(options.access_key, options.secret_key),
            endpoint: options.endpoint,
            outbound,
        })
    }

    pub fn place(&self) -> String {
        format!("the bucket {} at {}", self.bucket.name(), self.endpoint)
    }

    fn signed<'a>(&self, action: &impl S3Action<'a>) -> Result<Target> {
        let now = jiff::Timestamp::from_millisecond(system_ms())
            .map_err(|error| self.failed(&error.to_string()))?;
        let url = action.sign_with_time(SIGNED, &now);
        Target::parse(url.as_str(), true).map_err(|error| self.unsent(error))
    }

    fn failed(&self, why: &str) -> Unavailable {
        Unavailable::Bucket(format!("{}: {why}", self.place()))
    }

    fn unsent(&self, error: Unsent) -> Unavailable {
        self.failed(&match error {
            Unsent::Unreachable(why) => format!("not reachable ({why})"),
            Unsent::Address("url_not_https") => {
                "without TLS only addresses of the own network are spoken to; use https://".into()
            }
            Unsent::Address(code) => code.to_owned(),
        })
    }

    async fn ask(
        &self,
        method: Method,
        target: &Target,
        headers: &[(HeaderName, String)],
        body: Sent,
        patience: Duration,
    ) -> Result<Answer, Unsent> {
        let question = Question {
            method,
            headers,
            body,
            patience,
        };
        self.outbound.ask(target, question, true).await
    }

    /// Asks without a body, again when the server was not reached or had a trouble of its own.
    async fn ask_patiently(&self, method: Method, target: &Target) -> Result<Answer> {
        let mut pause = PAUSE;
        let mut attempt = 1;
        loop {
            let body = whole(Vec::new());
            let asked = self.ask(method.clone(), target, &[], body, PATIENCE).await;
            let may_pass = match &asked {
                Ok(answer) => answer.head.status.is_server_error(),
                Err(error) => matches!(error, Unsent::Unreachable(_)),
            };
            if !may_pass || attempt == ATTEMPTS {
                return asked.map_err(|error| self.unsent(error));
            }
            tokio::time::sleep(pause).await;
            (pause, attempt) = (pause * 2, attempt + 1);
        }
    }

    pub async fn put(&self, key: &str, path: &Path) -> Result<()> {
        let size = tokio::fs::metadata(path).await?.len();
        let patience = PATIENCE + Duration::from_secs(size / SLOWEST);
        let headers = [
            (header::CONTENT_LENGTH, size.to_string()),
            (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        ];
        let mut pause = PAUSE;
        for attempt in 1..=ATTEMPTS {
            let put = self.bucket.put_object(Some(&self.credentials), key);
            let file = stream(tokio::fs::File::open(path).await?);
            let body = BodyExt::boxed_unsync(StreamBody::new(file.map_ok(Frame::data)));
            let asked = self
                .ask(Method::PUT, &self.signed(&put)?, &headers, body, patience)
                .await;
            let why = match asked {
                Ok(answer) if answer.head.status.is_success() => return Ok(()),
                Ok(answer) if answer.head.status.is_server_error() => self.refused(answer).await,
                Ok(answer) => return Err(self.refused(answer).await),
                Err(error @ Unsent::Unreachable(_)) => self.unsent(error),
                Err(error) => return Err(self.unsent(error)),
            };
            if attempt == ATTEMPTS {
                return Err(why);
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        Ok(())
    }

    pub async fn get(&self, key: &str) -> Result<Option<Opened>> {
        let get = self.bucket.get_object(Some(&self.credentials), key);
        let answer = self.ask_patiently(Method::GET, &self.signed(&get)?).await?;
        let Some(answer) = self.unless_missing(answer).await? else {
            return Ok(None);
        };
        let size = length(&answer.head.headers)
            .ok_or_else(|| self.failed("an answer without the file's length"))?;
        // The answer goes along: its connection lives as long as it does.
        let parts = futures_util::stream::unfold(answer, |mut answer| async move {
            let frame = tokio::time::timeout(PATIENCE, answer.body.frame()).await;
            let part = match frame {
                Err(_) => Err(std::io::Error::other("the bucket's server went silent")),
                Ok(None) => return None,
                Ok(Some(Err(error))) => Err(std::io::Error::other(error)),
                Ok(Some(Ok(frame))) => Ok(frame.into_data().unwrap_or_default()),
            };
            Some((part, answer))
        });
        Ok(Some(Opened {
            size,
            bytes: parts.boxed(),
        }))
    }

    async fn head(&self, key: &str) -> Result<Option<Answer>> {
        let head = self.bucket.head_object(Some(&self.credentials), key);
        let answer = self
            .ask_patiently(Method::HEAD, &self.signed(&head)?)
            .await?;
        self.unless_missing(answer).await
    }

    pub async fn age(&self, key: &str) -> Result<Option<Duration>> {
        let Some(answer) = self.head(key).await? else {
            return Ok(None);
        };
        let at = |name: HeaderName| {
            let text = answer.head.headers.get(name)?.to_str().ok()?;
            Some(DateTime::parse_from_rfc2822(text).ok()?.timestamp())
        };
        let modified = at(header::LAST_MODIFIED)
            .ok_or_else(|| self.failed("an answer without the file's time"))?;
        let now = at(header::DATE).unwrap_or(system_ms() / 1_000);
        let age = u64::try_from(now - modified).unwrap_or_default();
        Ok(Some(Duration::from_secs(age)))
    }

    pub async fn remove(&self, key: &str) -> Result<bool> {
        // The removal itself says the same whether there was something or not.
        if self.head(key).await?.is_none() {
            return Ok(false);
        }
        let delete = self.bucket.delete_object(Some(&self.credentials), key);
        let answer = self
            .ask_patiently(Method::DELETE, &self.signed(&delete)?)
            .await?;
        Ok(self.unless_missing(answer).await?.is_some())
    }

    pub async fn all(&self, prefix: &str) -> Result<BTreeMap<String, u64>> {
        let mut all = BTreeMap::new();
        let mut after: Option<String> = None;
        loop {
            let mut list = self.bucket.list_objects_v2(Some(&self.credentials));
            list.with_prefix(prefix);
            if let Some(token) = after {
                list.with_continuation_token(token);
            }
            let answer = self
                .ask_patiently(Method::GET, &self.signed(&list)?)
                .await?;
            if !answer.head.status.is_success() {
                return Err(self.refused(answer).await);
            }
            let text = text_of(answer).await.map_err(|why| self.failed(&why))?;
            let page = ListObjectsV2::parse_response(&text)
                .map_err(|error| self.failed(&format!("an answer that is no list ({error})")))?;
            for object in page.contents {
                all.insert(object.key, object.size.unwrap_or_default());
            }
            after = page.next_continuation_token;
            if after.is_none() {
                return Ok(all);
            }
        }
    }

    /// Whether the bucket answers to these keys.
    pub async fn ready(&self) -> Result<()> {
        let mut list = self.bucket.list_objects_v2(Some(&self.credentials));
        list.with_max_keys(1);
        let body = whole(Vec::new());
        let answer = self
            .ask(Method::GET, &self.signed(&list)?, &[], body, READY)
            .await
            .map_err(|error| self.unsent(error))?;
        if answer.head.status.is_success() {
            return Ok(());
        }
        Err(self.refused(answer).await)
    }

    /// None when the key names nothing; a bucket that is missing is an error.
    async fn unless_missing(&self, answer: Answer) -> Result<Option<Answer>> {
        if answer.head.status.is_success() {
            return Ok(Some(answer));
        }
        if answer.head.status != StatusCode::NOT_FOUND {
            return Err(self.refused(answer).await);
        }
        let code = code_of(answer).await;
        match code.as_str() {
            "" | "NoSuchKey" => Ok(None),
            code => Err(self.failed(&meaning(StatusCode::NOT_FOUND, code))),
        }
    }

    async fn refused(&self, answer: Answer) -> Unavailable {
        let status = answer.head.status;
        self.failed(&meaning(status, &code_of(answer).await))
    }
}

/// What a refusal means for whoever has to mend it.
fn meaning(status: StatusCode, code: &str) -> String {
    let words = match (code, status) {
        ("NoSuchBucket", _) => "there is no such bucket",
        ("InvalidAccessKeyId", _) => "the access key is not known",
        ("SignatureDoesNotMatch", _) => "the secret key is wrong, or the region",
        ("RequestTimeTooSkewed", _) => "the clocks of this machine and of the server differ",
        ("AuthorizationHeaderMalformed" | "AuthorizationQueryParametersError", _) => {
            "the region is wrong"
        }
        (_, StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED) => {
            "the keys are wrong, or may not do this"
        }
        (_, StatusCode::MOVED_PERMANENTLY | StatusCode::TEMPORARY_REDIRECT) => {
            "the bucket is elsewhere; look at endpoint, region and path style"
        }
        _ => "refused",
    };
    match code {
        "" => format!("{words} ({})", status.as_u16()),
        code => format!("{words} ({} {code})", status.as_u16()),
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

async fn text_of(mut answer: Answer) -> Result<String, String> {
    let body = Limited::new(&mut answer.body, TEXT_MAX).collect();
    let collected = tokio::time::timeout(PATIENCE, body)
        .await
        .map_err(|_| "no answer in time".to_owned())?
        .map_err(|error| error.to_string())?;
    String::from_utf8(collected.to_bytes().to_vec()).map_err(|error| error.to_string())
}

/// The code of an error in XML; empty when there is none, as in answers to HEAD.
async fn code_of(answer: Answer) -> String {
    let text = text_of(answer).await.unwrap_or_default();
    let code = text
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"))
        .map_or("", |(code, _)| code);
    let is_code = code.len() <= 64 && code.chars().all(|c| c.is_ascii_alphanumeric());
    if is_code {
        code.to_owned()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(endpoint: &str, path_style: bool) -> BucketOptions {
        BucketOptions {
            endpoint: endpoint.into(),
            bucket: "crm-files".into(),
            region: "cn-north-1".into(),
            path_style,
            access_key: "AKIDEXAMPLE".into(),
            secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
        }
    }

    fn bucket(endpoint: &str, path_style: bool) -> Result<Bucket> {
        Bucket::new(options(endpoint, path_style), Outbound::new().unwrap())
    }

    #[test]
    fn a_signed_address_names_the_key_and_the_region_and_never_the_secret() {
        for (endpoint, path_style, begins) in [
            (
                "http://10.0.0.5:9000",
                true,
                "http://10.0.0.5:9000/crm-files/attachments/ab/abcd?",
            ),
            (
                "https://s3.example.com/",
                true,
                "https://s3.example.com/crm-files/attachments/ab/abcd?",
            ),
            (
                "https://oss.example.com",
                false,
                "https://crm-files.oss.example.com/attachments/ab/abcd?",
            ),
        ] {
            let bucket = bucket(endpoint, path_style).unwrap();
            let get = bucket
                .bucket
                .get_object(Some(&bucket.credentials), "attachments/ab/abcd");
            let at = jiff::Timestamp::from_millisecond(1_781_488_800_000).unwrap();
            let url = get.sign_with_time(SIGNED, &at).to_string();
            assert!(url.starts_with(begins), "{url}");
            for part in [
                "AKIDEXAMPLE%2F20260615%2Fcn-north-1%2Fs3%2Faws4_request",
                "X-Amz-Expires=900",
                "X-Amz-Signature=",
            ] {
                assert!(url.contains(part), "{url}");
            }
            assert!(!url.contains("wJalr"), "{url}");
            assert!(bucket.signed(&get).is_ok());
        }
    }

    #[test]
    fn an_endpoint_of_the_own_network_is_spoken_to_and_one_outside_only_with_tls() {
        let refused = |endpoint: &str| match bucket(endpoint, true) {
            Err(why) => why.to_string(),
            Ok(_) => panic!("{endpoint} is taken"),
        };
        assert!(bucket("http://192.168.1.20:9000", true).is_ok());
        assert!(bucket("https://8.8.8.8", true).is_ok());
        assert!(refused("http://8.8.8.8").contains("https://"));
        assert!(refused("https://AKID:secret@s3.example.com").contains("options of their own"));
        assert!(!refused("https://AKID:secret@s3.example.com").contains("secret@"));
        for nonsense in ["s3.example.com", "ftp://s3.example.com", "https://"] {
            refused(nonsense);
        }
    }

    #[test]
    fn options_are_shown_without_their_keys() {
        let shown = format!("{:?}", options("https://s3.example.com", true));
        assert!(
            !shown.contains("wJalr") && !shown.contains("AKID"),
            "{shown}"
        );
    }

    #[test]
    fn a_refusal_says_what_to_mend() {
        let said = |code| meaning(StatusCode::FORBIDDEN, code);
        assert_eq!(
            said("SignatureDoesNotMatch"),
            "the secret key is wrong, or the region (403 SignatureDoesNotMatch)"
        );
        assert_eq!(
            said("RequestTimeTooSkewed"),
            "the clocks of this machine and of the server differ (403 RequestTimeTooSkewed)"
        );
        assert_eq!(said(""), "the keys are wrong, or may not do this (403)");
    }
}
