//! Translation catalogues: one file per feature and language, shared with the web.

use std::collections::HashMap;

use serde_json::Value as Json;

pub const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// `(language, feature.key.path)` → text.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    texts: HashMap<&'static str, HashMap<String, String>>,
}

impl Catalog {
    /// Adds one file's keys under its feature's name.
    pub fn add(
        &mut self,
        language: &str,
        feature: &str,
        file: &str,
    ) -> Result<(), serde_json::Error> {
        let json: Json = serde_json::from_str(file)?;
        if let Some(known) = LANGUAGES.iter().find(|known| **known == language) {
            let texts = self.texts.entry(known).or_default();
            flatten(feature, &json, texts);
        }
        Ok(())
    }

    /// The text of a key, with `{{name}}` replaced; falls back to Chinese, then to the key itself.
    pub fn text(&self, language: &str, key: &str, params: &Json) -> String {
        let found = self
            .find(language, key)
            .or_else(|| self.find(LANGUAGES[0], key));
        let mut text = found.unwrap_or(key).to_owned();
        if let Json::Object(params) = params {
            for (name, value) in params {
                let value = match value {
                    Json::String(text) => text.clone(),
                    other => other.to_string(),
                };
                text = text.replace(&format!("{{{{{name}}}}}"), &value);
            }
        }
        text
    }

    pub fn find(&self, language: &str, key: &str) -> Option<&str> {
        self.texts.get(language)?.get(key).map(String::as_str)
    }

    /// What a field is called.
    pub fn field(&self, language: &str, resource: &str, field: &rules::value::Field) -> String {
        if let Some(label) = &field.label {
            return if language == "en" {
                label.en.clone()
            } else {
                label.zh.clone()
            };
        }
        let own = format!("{resource}.fields.{}", field.name);
        let shared = format!("app.fields.{}", field.name);
        let find = |language: &str| {
            self.find(language, &own)
                .or_else(|| self.find(language, &shared))
        };
        find(language)
            .or_else(|| find(LANGUAGES[0]))
            .unwrap_or(&field.name)
            .to_owned()
    }

    /// What a choice is called.
    pub fn choice(
        &self,
        language: &str,
        resource: &str,
        field: &rules::value::Field,
        code: &str,
    ) -> String {
        let label = field
            .choices
            .iter()
            .find(|choice| choice.code == code)
            .and_then(|choice| choice.label.as_ref());
        match label {
            Some(label) if language == "en" => label.en.clone(),
            Some(label) => label.zh.clone(),
            None => {
                let key = format!("{resource}.choices.{}.{code}", field.name);
                self.find(language, &key)
                    .or_else(|| self.find(LANGUAGES[0], &key))
                    .unwrap_or(code)
                    .to_owned()
            }
        }
    }
}

fn flatten(prefix: &str, json: &Json, texts: &mut HashMap<String, String>) {
    match json {
        Json::Object(map) => {
            for (key, value) in map {
                flatten(&format!("{prefix}.{key}"), value, texts);
            }
        }
        Json::String(text) => {
            texts.insert(prefix.to_owned(), text.clone());
        }
        _ => {}
    }
}
