//! Web push: a message that only one browser can read (RFC 8291), sent in the name of this server (RFC 8292).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::json;

use crate::clock::{fill_random, randomness};
use crate::problem::{Problem, Result};

/// An uncompressed point of P-256.
const POINT: usize = 65;
const AUTH: usize = 16;
const SALT: usize = 16;
/// Larger messages need not be taken by a push service (RFC 8030, 7.2).
pub const MESSAGE_MAX: usize = 4_096;
/// What the salt, the key, the end mark and the tag take of a message.
const OVERHEAD: usize = SALT + 4 + 1 + POINT + 1 + 16;
/// Largest text of a message, in bytes.
pub const TEXT_MAX: usize = MESSAGE_MAX - OVERHEAD;
/// How long a signature holds; services refuse more than a day.
const SIGNED_S: i64 = 12 * 3_600;

fn failed(_: impl std::fmt::Debug) -> Problem {
    // The libraries say nothing about the cause on purpose.
    Problem::internal("cryptography failed")
}

pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Base64 for addresses, with or without padding.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// The keys by which a browser reads what is pushed to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    public_key: Vec<u8>,
    auth: Vec<u8>,
}

impl Recipient {
    /// Reads the `p256dh` and `auth` of a browser's subscription.
    pub fn parse(p256dh: &str, auth: &str) -> Option<Recipient> {
        let public_key = decode(p256dh).filter(|key| key.len() == POINT && key[0] == 4)?;
        let auth = decode(auth).filter(|auth| auth.len() == AUTH)?;
        Some(Recipient { public_key, auth })
    }

    /// Whether the key is a point of the curve: others can be sent nothing.
    pub fn is_sound(&self) -> bool {
        self.seal(b"").is_ok()
    }

    /// The message as the body of a request: content coding `aes128gcm`, one record.
    pub fn seal(&self, text: &[u8]) -> Result<Vec<u8>> {
        let own = EphemeralPrivateKey::generate(&ECDH_P256, &randomness()).map_err(failed)?;
        let own_public = own.compute_public_key().map_err(failed)?;
        let mut salt = [0; SALT];
        fill_random(&mut salt)?;
        let theirs = UnparsedPublicKey::new(&ECDH_P256, &self.public_key);
        agree_ephemeral(own, &theirs, |shared| {
            self.seal_with(shared, own_public.as_ref(), &salt, text)
        })
        .map_err(failed)?
    }

    fn seal_with(
        &self,
        shared: &[u8],
        own_public: &[u8],
        salt: &[u8; SALT],
        text: &[u8],
    ) -> Result<Vec<u8>> {
        let keys = ContentKeys::derive(shared, &self.auth, &self.public_key, own_public, salt)?;
        let mut sealed = text.to_vec();
        // The mark of the last record.
        sealed.push(2);
        let key = UnboundKey::new(&AES_128_GCM, &keys.key).map_err(failed)?;
        LessSafeKey::new(key)
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(keys.nonce),
                Aad::empty(),
                &mut sealed,
            )
            .map_err(failed)?;
        let mut message = Vec::with_capacity(OVERHEAD + text.len());
        message.extend_from_slice(salt);
        message.extend_from_slice(&(MESSAGE_MAX as u32).to_be_bytes());
        message.push(POINT as u8);
        message.extend_from_slice(own_public);
        message.extend_from_slice(&sealed);
        Ok(message)
    }
}

struct ContentKeys {
    key: [u8; 16],
    nonce: [u8; 12],
}

struct Length(usize);
impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(secret: &Prk, info: &[&[u8]]) -> Result<[u8; N]> {
    let mut out = [0; N];
    secret
        .expand(info, Length(N))
        .and_then(|okm| okm.fill(&mut out))
        .map_err(failed)?;
    Ok(out)
}

impl ContentKeys {
    /// RFC 8291, 3.4.
    fn derive(
        shared: &[u8],
        auth: &[u8],
        their_public: &[u8],
        own_public: &[u8],
        salt: &[u8],
    ) -> Result<ContentKeys> {
        let combined = Salt::new(HKDF_SHA256, auth).extract(shared);
        let input: [u8; 32] = expand(&combined, &[b"WebPush: info\0", their_public, own_public])?;
        let secret = Salt::new(HKDF_SHA256, salt).extract(&input);
        Ok(ContentKeys {
            key: expand(&secret, &[b"Content-Encoding: aes128gcm\0"])?,
            nonce: expand(&secret, &[b"Content-Encoding: nonce\0"])?,
        })
    }
}

/// The key pair by which push services know this server again.
pub struct Identity {
    pair: EcdsaKeyPair,
}

impl Identity {
    /// A new secret key, to be kept; base64url of PKCS #8.
    pub fn generate() -> Result<String> {
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &randomness())
                .map_err(failed)?;
        Ok(encode(document.as_ref()))
    }

    pub fn read(secret: &str) -> Result<Identity> {
        let document = decode(secret).ok_or_else(|| failed("not base64"))?;
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &document, &randomness())
                .map_err(failed)?;
        Ok(Identity { pair })
    }

    /// What a browser is given to subscribe with.
    pub fn public_key(&self) -> String {
        encode(self.pair.public_key().as_ref())
    }

    /// The `Authorization` of a request to a service at `origin`; `contact` is a `mailto:` or `https:` address of whoever
    /// runs this server.
    pub fn authorization(&self, origin: &str, contact: &str, now_ms: i64) -> Result<String> {
        let head = encode(
            json!({ "typ": "JWT", "alg": "ES256" })
                .to_string()
                .as_bytes(),
        );
        let claims =
            json!({ "aud": origin, "exp": now_ms / 1_000 + SIGNED_S, "sub": contact }).to_string();
        let signed = format!("{head}.{}", encode(claims.as_bytes()));
        let signature = self
            .pair
            .sign(&randomness(), signed.as_bytes())
            .map_err(failed)?;
        Ok(format!(
            "vapid t={signed}.{}, k={}",
            encode(signature.as_ref()),
            self.public_key()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of RFC 8291, section 5 and appendix A.
    #[test]
    fn a_message_is_sealed_as_the_standard_does_it() {
        let recipient = Recipient::parse(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "BTBZMqHH6r4Tts7J_aSIgg",
        )
        .unwrap();
        let shared = decode("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs").unwrap();
        let own_public = decode(
            "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
        )
        .unwrap();
        let salt: [u8; SALT] = decode("DGv6ra1nlYgDCS1FRnbzlw")
            .unwrap()
            .try_into()
            .unwrap();
        let message = recipient
            .seal_with(
                &shared,
                &own_public,
                &salt,
                b"When I grow up, I want to be a watermelon",
            )
            .unwrap();
        assert_eq!(
            encode(&message),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl\
             7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn the_longest_text_makes_the_largest_message() {
        let own = EphemeralPrivateKey::generate(&ECDH_P256, &randomness()).unwrap();
        let public = encode(own.compute_public_key().unwrap().as_ref());
        let recipient = Recipient::parse(&public, &encode(&[7; AUTH])).unwrap();
        assert!(recipient.is_sound());
        assert_eq!(
            recipient.seal(&[b'x'; TEXT_MAX]).unwrap().len(),
            MESSAGE_MAX
        );
    }

    #[test]
    fn keys_that_no_browser_has_are_refused() {
        assert_eq!(Recipient::parse("AAAA", "BTBZMqHH6r4Tts7J_aSIgg"), None);
        let off_the_curve = encode(&[[4].as_slice(), &[1; 64]].concat());
        let recipient = Recipient::parse(&off_the_curve, "BTBZMqHH6r4Tts7J_aSIgg").unwrap();
        assert!(!recipient.is_sound());
    }

    #[test]
    fn a_signature_holds_for_the_service_and_half_a_day() {
        let identity = Identity::read(&Identity::generate().unwrap()).unwrap();
        let header = identity
            .authorization(
                "https://push.example.com",
                "mailto:crm@example.com",
                1_000_000,
            )
            .unwrap();
        let (token, key) = header
            .strip_prefix("vapid t=")
            .and_then(|rest| rest.split_once(", k="))
            .unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        ring::signature::UnparsedPublicKey::new(
            &ring::signature::ECDSA_P256_SHA256_FIXED,
            decode(key).unwrap(),
        )
        .verify(signed.as_bytes(), &decode(signature).unwrap())
        .unwrap();
        let claims = decode(signed.split_once('.').unwrap().1).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(
            claims,
            json!({ "aud": "https://push.example.com", "exp": 1_000 + SIGNED_S, "sub": "mailto:crm@example.com" })
        );
    }
}
