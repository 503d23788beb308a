//! Mail by SMTP, when it is configured.

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::problem::{Problem, Result};

pub struct Mailer {
    transport: Option<AsyncSmtpTransport<Tokio1Executor>>,
    from: String,
}

impl Mailer {
    /// `smtp://user:password@host:587?tls=required`, `smtps://…`; none means no mail.
    pub fn new(url: Option<&str>, from: &str) -> Result<Mailer> {
        let transport = match url {
            Some(url) => Some(
                AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                    .map_err(Problem::internal)?
                    .build(),
            ),
            None => None,
        };
        Ok(Mailer {
            transport,
            from: from.into(),
        })
    }

    pub fn is_configured(&self) -> bool {
        self.transport.is_some()
    }

    pub async fn send(&self, to: &str, subject: &str, text: String) -> Result<()> {
        let Some(transport) = &self.transport else {
            return Ok(());
        };
        let from: Mailbox = self.from.parse().map_err(Problem::internal)?;
        let to: Mailbox = to.parse().map_err(Problem::internal)?;
        let message = Message::builder()
            .from(from)
            .to(to)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(Problem::internal)?;
        transport.send(message).await.map_err(Problem::internal)?;
        Ok(())
    }
}
