//! One kept-alive HTTP/1.1 connection, so thin that what it costs itself doesn't show.

use std::net::SocketAddr;

use serde_json::Value as Json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::Result;

pub struct Client {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
    cookie: String,
}

pub struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub body: Vec<u8>,
    cookie: Option<String>,
}

impl Answer {
    pub fn json(&self) -> Result<Json> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// The answer, if its status is one of success.
    pub fn good(self) -> Result<Answer> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        let text: String = String::from_utf8_lossy(&self.body)
            .chars()
            .take(500)
            .collect();
        Err(format!("status {}: {text}", self.status).into())
    }
}

/// `text` as a part of a query.
pub fn quoted(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Result<Client> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Client {
            stream: BufReader::with_capacity(1 << 16, stream),
            address,
            cookie: String::new(),
        })
    }

    /// Another connection in the same session.
    pub async fn again(&self) -> Result<Client> {
        let mut client = Client::connect(self.address).await?;
        client.cookie.clone_from(&self.cookie);
        Ok(client)
    }

    /// In a session that stands in the database already.
    pub async fn with_session(address: SocketAddr, secret: &str) -> Result<Client> {
        let mut client = Client::connect(address).await?;
        client.cookie = format!("chengdan_session={secret}");
        Ok(client)
    }

    pub async fn sign_in(address: SocketAddr, login: &str, password: &str) -> Result<Client> {
        let mut client = Client::connect(address).await?;
        let body = serde_json::json!({ "login": login, "password": password });
        let answer = client
            .send("POST", "/api/session", &[], body.to_string().as_bytes())
            .await?
            .good()?;
        client.cookie = answer.cookie.ok_or("no session")?;
        Ok(client)
    }

    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        self.send("GET", path, &[], &[]).await?.good()
    }

    pub async fn get_json(&mut self, path: &str) -> Result<Json> {
        self.get(path).await?.json()
    }

    pub async fn post(&mut self, path: &str, body: &Json) -> Result<Answer> {
        self.send("POST", path, &[], body.to_string().as_bytes())
            .await?
            .good()
    }

    /// Sends a request with a JSON body (or the content type among `headers`), and reads the whole answer.
    pub async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer> {
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n",
            self.address,
            body.len()
        );
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            head.push_str("content-type: application/json\r\n");
        }
        if !self.cookie.is_empty() {
            head.push_str(&format!("cookie: {}\r\n", self.cookie));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let mut request = head.into_bytes();
        request.extend_from_slice(body);
        self.stream.get_mut().write_all(&request).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<Answer> {
        let mut line = String::new();
        self.line(&mut line).await?;
        let status = line.split(' ').nth(1).ok_or("no status")?.parse()?;
        let mut answer = Answer {
            status,
            etag: None,
            body: Vec::new(),
            cookie: None,
        };
        let mut length = 0_usize;
        let mut chunked = false;
        loop {
            self.line(&mut line).await?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => chunked = value.contains("chunked"),
                "etag" => answer.etag = Some(value.to_owned()),
                "set-cookie" => answer.cookie = value.split(';').next().map(str::to_owned),
                _ => {}
            }
        }
        if !chunked {
            answer.body.resize(length, 0);
            self.stream.read_exact(&mut answer.body).await?;
            return Ok(answer);
        }
        loop {
            self.line(&mut line).await?;
            let size = usize::from_str_radix(line.trim(), 16)?;
            let start = answer.body.len();
            answer.body.resize(start + size, 0);
            self.stream.read_exact(&mut answer.body[start..]).await?;
            self.line(&mut line).await?;
            if size == 0 {
                return Ok(answer);
            }
        }
    }

    async fn line(&mut self, line: &mut String) -> Result<()> {
        line.clear();
        if self.stream.read_line(line).await? == 0 {
            return Err("the connection ended".into());
        }
        line.truncate(line.trim_end().len());
        Ok(())
    }
}
