//! Requests to foreign servers at addresses that somebody named: to public addresses only, unless private ones are allowed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, Request, Uri, header};
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

/// The whole exchange, from looking up the name to the answer's head.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Why nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsent {
    /// The address can't be sent to, now or later; the code says why.
    Address(&'static str),
    /// The server could not be reached this time.
    Unreachable(String),
}

/// An address that requests may be sent to, as far as its text tells.
#[derive(Debug, Clone)]
pub struct Target {
    uri: Uri,
    host: String,
    port: u16,
    is_tls: bool,
}

impl Target {
    /// Reads `https://host/path`. Without TLS only private addresses are spoken to, and those only where they are allowed.
    pub fn parse(text: &str, private_allowed: bool) -> Result<Target, Unsent> {
        let uri: Uri = text.parse().map_err(|_| Unsent::Address("not_a_url"))?;
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if private_allowed => false,
            _ => return Err(Unsent::Address("url_not_https")),
        };
        let authority = uri.authority().ok_or(Unsent::Address("not_a_url"))?;
        if authority.as_str().contains('@') {
            return Err(Unsent::Address("not_a_url"));
        }
        let host = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let port = authority
            .port_u16()
            .unwrap_or(if is_tls { 443 } else { 80 });
        if let Ok(address) = host.parse::<IpAddr>() {
            check(address, is_tls, private_allowed)?;
        }
        Ok(Target {
            host,
            port,
            is_tls,
            uri,
        })
    }

    /// Scheme, host and port, as a token's audience names them.
    pub fn origin(&self) -> String {
        let scheme = if self.is_tls { "https" } else { "http" };
        let authority = self
            .uri
            .authority()
            .map_or("", |authority| authority.as_str());
        format!("{scheme}://{authority}")
    }

    /// The addresses behind the name that may be spoken to. The connection goes to one of these, so that a name can't
    /// point elsewhere after it was checked.
    async fn addresses(&self, private_allowed: bool) -> Result<Vec<SocketAddr>, Unsent> {
        let found = lookup_host((self.host.as_str(), self.port))
            .await
            .map_err(|error| Unsent::Unreachable(error.to_string()))?;
        let mut refused = None;
        let mut allowed = Vec::new();
        for address in found {
            match check(address.ip(), self.is_tls, private_allowed) {
                Ok(()) => allowed.push(address),
                Err(why) => refused = Some(why),
            }
        }
        match refused {
            Some(why) if allowed.is_empty() => Err(why),
            _ => Ok(allowed),
        }
    }
}

fn check(address: IpAddr, is_tls: bool, private_allowed: bool) -> Result<(), Unsent> {
    match (is_public(address), is_tls) {
        (true, true) => Ok(()),
        (true, false) => Err(Unsent::Address("url_not_https")),
        (false, _) if private_allowed => Ok(()),
        (false, _) => Err(Unsent::Address("private_address")),
    }
}

/// Whether an address belongs to the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let reserved = a == 0
        || a >= 240
        // Shared by providers (RFC 6598), protocol assignments (RFC 6890), benchmarks (RFC 2544).
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b));
    !(reserved
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            embedded(high, low)
        }
        [0x2002, high, low, ..] => embedded(high, low),
        [0x2001, 0xdb8, ..] | [0x100, 0, 0, 0, ..] => false,
        // Only 2000::/3 is given out to the public.
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

/// Speaks to foreign servers.
#[derive(Clone)]
pub struct Outbound {
    tls: TlsConnector,
}

impl Outbound {
    /// Trusts the public certificate authorities.
    pub fn new() -> Result<Outbound, tokio_rustls::rustls::Error> {
        let roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Outbound {
            tls: TlsConnector::from(Arc::new(config)),
        })
    }

    /// Posts a body and answers the status. Redirects are not followed: where they lead was not named by anybody.
    pub async fn post(
        &self,
        target: &Target,
        headers: &[(HeaderName, String)],
        body: Vec<u8>,
        private_allowed: bool,
    ) -> Result<u16, Unsent> {
        let question = Question {
            method: Method::POST,
            headers,
            body: whole(body),
            patience: TIMEOUT,
        };
        let answer = self.ask(target, question, private_allowed).await?;
        Ok(answer.head.status.as_u16())
    }

    /// Sends a request and answers what comes back as soon as its head is there; the body is read as it comes. Redirects
    /// are not followed.
    pub async fn ask(
        &self,
        target: &Target,
        question: Question<'_>,
        private_allowed: bool,
    ) -> Result<Answer, Unsent> {
        tokio::time::timeout(
            question.patience,
            self.exchange(target, question, private_allowed),
        )
        .await
        .unwrap_or_else(|_| Err(Unsent::Unreachable("no answer in time".into())))
    }

    async fn exchange(
        &self,
        target: &Target,
        question: Question<'_>,
        private_allowed: bool,
    ) -> Result<Answer, Unsent> {
        let unreachable = |error: std::io::Error| Unsent::Unreachable(error.to_string());
        let addresses = target.addresses(private_allowed).await?;
        let stream = TcpStream::connect(&*addresses).await.map_err(unreachable)?;
        let request = request(target, question)?;
        if target.is_tls {
            let name = ServerName::try_from(target.host.clone())
                .map_err(|_| Unsent::Address("not_a_url"))?;
            let stream = self.tls.connect(name, stream).await.map_err(unreachable)?;
            send(stream, request).await
        } else {
            send(stream, request).await
        }
    }
}

/// A body, in memory or as it is read.
pub type Sent = UnsyncBoxBody<Bytes, std::io::Error>;

/// A body that is in memory.
pub fn whole(body: impl Into<Bytes>) -> Sent {
    Full::new(body.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// What is asked of a foreign server.
pub struct Question<'a> {
    pub method: Method,
    /// With the length of a body that is not in memory.
    pub headers: &'a [(HeaderName, String)],
    pub body: Sent,
    /// The whole exchange, from looking up the name to the answer's head.
    pub patience: Duration,
}

/// What a foreign server answers. Its connection lives as long as this.
pub struct Answer {
    pub head: axum::http::response::Parts,
    pub body: Incoming,
    _connection: Connection,
}

struct Connection(tokio::task::JoinHandle<Result<(), hyper::Error>>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn request(target: &Target, question: Question<'_>) -> Result<Request<Sent>, Unsent> {
    let path = target
        .uri
        .path_and_query()
        .map_or("/", |path| path.as_str());
    let authority = target
        .uri
        .authority()
        .map_or("", |authority| authority.as_str());
    let mut request = Request::builder()
        .method(question.method)
        .uri(path)
        .header(header::HOST, authority)
        .header(header::USER_AGENT, "Chengdan");
    for (name, value) in question.headers {
        let value = HeaderValue::from_str(value).map_err(|_| Unsent::Address("not_a_url"))?;
        request = request.header(name, value);
    }
    request
        .body(question.body)
        .map_err(|_| Unsent::Address("not_a_url"))
}

async fn send(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Sent>,
) -> Result<Answer, Unsent> {
    let unreachable = |error: hyper::Error| Unsent::Unreachable(error.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(unreachable)?;
    let connection = Connection(tokio::spawn(connection));
    let answer = sender.send_request(request).await.map_err(unreachable)?;
    let (head, body) = answer.into_parts();
    Ok(Answer {
        head,
        body,
        _connection: connection,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_public() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.0.8",
            "203.0.113.5",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "100::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in [
            "8.8.8.8",
            "1.2.4.8",
            "2400:3200::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "172.32.0.1",
            "100.128.0.1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn a_target_is_public_and_speaks_tls_unless_private_ones_are_allowed() {
        let refused = |text: &str, private: bool| match Target::parse(text, private) {
            Err(Unsent::Address(code)) => code,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(refused("http://push.example.com/a", false), "url_not_https");
        assert_eq!(refused("https://127.0.0.1/a", false), "private_address");
        assert_eq!(refused("https://[::1]/a", false), "private_address");
        assert_eq!(refused("http://8.8.8.8/a", true), "url_not_https");
        assert_eq!(
            refused("https://user:secret@push.example.com/", false),
            "not_a_url"
        );
        assert_eq!(refused("/a", false), "url_not_https");
        assert_eq!(refused("ftp://push.example.com/a", true), "url_not_https");
        let target = Target::parse("https://push.example.com:8443/a?b=c", false).unwrap();
        assert_eq!(target.origin(), "https://push.example.com:8443");
        assert!(Target::parse("http://127.0.0.1:9/a", true).is_ok());
    }
}
