//! A mail server that keeps what it is given.

use std::sync::{Arc, Mutex};

use mail_parser::{Message, MessageParser, MimeHeaders};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// One mail as its reader gets it.
#[derive(Debug, Clone)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    /// `text/calendar` inside, with the method in its header.
    pub calendar: Option<(String, String)>,
    pub message_id: String,
}

pub struct Mailbox {
    pub url: String,
    letters: Arc<Mutex<Vec<Letter>>>,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Mailbox {
    pub async fn open() -> Mailbox {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("smtp://{}", listener.local_addr().expect("its address"));
        let letters = Arc::new(Mutex::new(Vec::new()));
        let kept = letters.clone();
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(speak(stream, kept.clone()));
            }
        });
        Mailbox {
            url,
            letters,
            server,
        }
    }

    /// What came since the last look, by recipient.
    pub fn take(&self) -> Vec<Letter> {
        let mut letters = std::mem::take(&mut *self.letters.lock().expect("the letters"));
        letters.sort_by(|a, b| (&a.to, &a.subject).cmp(&(&b.to, &b.subject)));
        letters
    }
}

/// Enough of SMTP for one client that makes no mistakes.
async fn speak(stream: TcpStream, letters: Arc<Mutex<Vec<Letter>>>) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader);
    let _ = writer.write_all(b"220 test\r\n").await;
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).await.unwrap_or(0) > 0 {
        let command = String::from_utf8_lossy(&line).to_ascii_uppercase();
        line.clear();
        let answer: &[u8] = if command.starts_with("EHLO") {
            b"250-test\r\n250 8BITMIME\r\n"
        } else if command.starts_with("DATA") {
            let _ = writer.write_all(b"354 go on\r\n").await;
            let mut message = Vec::new();
            while lines.read_until(b'\n', &mut line).await.unwrap_or(0) > 0 && line != b".\r\n" {
                message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
                line.clear();
            }
            line.clear();
            letters.lock().expect("the letters").push(read(&message));
            b"250 kept\r\n"
        } else if command.starts_with("QUIT") {
            b"221 bye\r\n"
        } else {
            b"250 fine\r\n"
        };
        if writer.write_all(answer).await.is_err() {
            return;
        }
    }
}

fn read(bytes: &[u8]) -> Letter {
    let message: Message = MessageParser::default().parse(bytes).expect("a mail");
    let to = message
        .to()
        .and_then(|to| to.first())
        .and_then(|to| to.address());
    let calendar = message.parts.iter().find_map(|part| {
        let kind = part.content_type()?;
        let is_calendar = kind.ctype() == "text" && kind.subtype() == Some("calendar");
        let method = kind.attribute("method").unwrap_or_default().to_owned();
        is_calendar.then(|| (method, part.text_contents().unwrap_or_default().to_owned()))
    });
    Letter {
        to: to.unwrap_or_default().to_owned(),
        subject: message.subject().unwrap_or_default().to_owned(),
        text: message.body_text(0).unwrap_or_default().into_owned(),
        calendar,
        message_id: message.message_id().unwrap_or_default().to_owned(),
    }
}
