//! Mail by SMTP, when it is configured.

use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde::{Deserialize, Serialize};

use crate::problem::{Problem, Result};

/// A mail server that says nothing for so long says nothing at all.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Mailer {
    transport: Option<AsyncSmtpTransport<Tokio1Executor>>,
    from: String,
}

/// One mail to one reader, in plain text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
    /// To whom an answer goes, when not to the sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Invitation>,
}

/// What a calendar makes an entry of (RFC 5546 in RFC 6047).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invitation {
    /// `REQUEST` or `CANCEL`, as inside the text.
    pub method: String,
    /// The iCalendar text.
    pub calendar: String,
}

impl Mailer {
    /// `smtp://user:password@host:587?tls=required`, `smtps://…`; none means no mail.
    pub fn new(url: Option<&str>, from: &str) -> Result<Mailer> {
        let transport = match url {
            Some(url) => Some(
                AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                    .map_err(Problem::internal)?
                    .timeout(Some(PATIENCE))
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

    /// Hands a mail to the mail server. A `message_id` makes of a second try the same mail.
    pub async fn send(&self, mail: Mail, message_id: Option<String>) -> Result<()> {
        let Some(transport) = &self.transport else {
            return Ok(());
        };
        let message = message(&self.from, mail, message_id)?;
        transport.send(message).await.map_err(Problem::internal)?;
        Ok(())
    }
}

fn message(from: &str, mail: Mail, message_id: Option<String>) -> Result<Message> {
    let mailbox = |address: &str| -> Result<Mailbox> { address.parse().map_err(Problem::internal) };
    let mut builder = Message::builder()
        .from(mailbox(from)?)
        .to(mailbox(&mail.to)?)
        .message_id(message_id)
        .subject(mail.subject);
    if let Some(address) = &mail.reply_to {
        builder = builder.reply_to(mailbox(address)?);
    }
    let Some(invitation) = mail.invitation else {
        return builder
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text)
            .map_err(Problem::internal);
    };
    let kind = |text: String| ContentType::parse(&text).map_err(Problem::internal);
    let inline = kind(format!(
        "text/calendar; method={}; charset=utf-8",
        invitation.method
    ))?;
    let calendar = SinglePart::builder()
        .header(inline)
        .body(invitation.calendar.clone());
    let text = MultiPart::alternative()
        .singlepart(SinglePart::plain(mail.text))
        .singlepart(calendar);
    // For readers that know no invitations: a file that a calendar opens.
    let file = Attachment::new("invite.ics".into())
        .body(invitation.calendar, kind("application/ics".into())?);
    builder
        .multipart(MultiPart::mixed().multipart(text).singlepart(file))
        .map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_an_alternative_to_its_text_and_a_file() {
        let mail = Mail {
            to: "李明 <li@example.com>".into(),
            subject: "周会".into(),
            text: "周一九点".into(),
            reply_to: Some("su@example.com".into()),
            invitation: Some(Invitation {
                method: "REQUEST".into(),
                calendar: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".into(),
            }),
        };
        let message = message("Chengdan <noreply@example.com>", mail, Some("<1@x>".into()));
        let text = String::from_utf8(message.expect("a message").formatted()).expect("text");
        for part in [
            "Content-Type: multipart/mixed",
            "Content-Type: multipart/alternative",
            "Content-Type: text/calendar; method=REQUEST; charset=utf-8",
            "Content-Disposition: attachment; filename=\"invite.ics\"",
            "Reply-To: su@example.com",
            "Message-ID: <1@x>",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn a_line_break_in_a_subject_makes_no_header() {
        let mail = Mail {
            to: "li@example.com".into(),
            subject: "x\r\nBcc: everybody@example.com".into(),
            text: "x".into(),
            ..Mail::default()
        };
        let message = message("noreply@example.com", mail, None).expect("a message");
        let text = String::from_utf8(message.formatted()).expect("text");
        assert!(!text.contains("\nBcc:"), "{text}");
    }
}
