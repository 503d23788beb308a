//! Signatures by which the receiver of a request knows who sent it, after the Standard Webhooks specification 1.0
//! (<https://www.standardwebhooks.com>): HMAC-SHA256 over id, time and body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

use crate::clock::fill_random;
use crate::problem::{Problem, Result};

/// Marks a secret as one for signing.
const PREFIX: &str = "whsec_";
/// Bytes of a secret; the specification wants 24 to 64.
const LENGTH: usize = 24;

/// What sender and receiver share, and nobody else.
pub struct SigningSecret(hmac::Key);

impl SigningSecret {
    /// A new secret as text: `whsec_` and base64.
    pub fn generate() -> Result<String> {
        let mut bytes = [0; LENGTH];
        fill_random(&mut bytes)?;
        Ok(format!("{PREFIX}{}", STANDARD.encode(bytes)))
    }

    pub fn read(text: &str) -> Result<SigningSecret> {
        let bytes = text
            .strip_prefix(PREFIX)
            .and_then(|rest| STANDARD.decode(rest).ok())
            .ok_or_else(|| Problem::internal("a damaged signing secret"))?;
        Ok(SigningSecret(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// The signature of a message that is sent at this time (seconds since 1970 UTC): `v1,` and base64.
    pub fn sign(&self, id: &str, at_s: i64, body: &str) -> String {
        let signed = format!("{id}.{at_s}.{body}");
        let signature = hmac::sign(&self.0, signed.as_bytes());
        format!("v1,{}", STANDARD.encode(signature.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that the specification's own libraries are tested with.
    #[test]
    fn a_message_is_signed_as_the_standard_does_it() {
        let secret = SigningSecret::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!(
            secret.sign(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                r#"{"test": 2432232314}"#
            ),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn secrets_have_24_bytes_and_never_repeat() {
        let (one, other) = (
            SigningSecret::generate().unwrap(),
            SigningSecret::generate().unwrap(),
        );
        assert_ne!(one, other);
        let bytes = STANDARD.decode(one.strip_prefix(PREFIX).unwrap()).unwrap();
        assert_eq!(bytes.len(), LENGTH);
        assert!(SigningSecret::read(&other).is_ok());
        assert!(SigningSecret::read("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").is_err());
    }
}
