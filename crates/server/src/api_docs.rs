//! `/api/docs`: the OpenAPI document as a page to read, without a script.

use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const HEAD: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Chengdan API</title>\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>\
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
details{border-top:1px solid #8884;padding:.35rem 0}summary{cursor:pointer}code,pre{font:13px/1.5 ui-monospace,monospace}\
pre{overflow:auto;background:#8881;padding:.6rem;border-radius:6px}table{border-collapse:collapse}td{padding:.1rem .8rem .1rem 0;vertical-align:top}\
.method{display:inline-block;min-width:4.2rem;font-weight:600}</style></head><body>";

fn text(json: &Json) -> String {
    let text = json.as_str().unwrap_or_default();
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn pretty(json: &Json) -> String {
    let plain = serde_json::to_string_pretty(json).unwrap_or_default();
    text(&Json::String(plain))
}

fn operation(page: &mut String, method: &str, path: &str, operation: &Json) {
    let _ = write!(
        page,
        "<details><summary><span class=\"method\">{}</span><code>{}</code> {}</summary>",
        method.to_uppercase(),
        text(&Json::String(path.to_owned())),
        text(&operation["summary"])
    );
    if operation["description"].is_string() {
        let _ = write!(page, "<p>{}</p>", text(&operation["description"]));
    }
    if let Some(parameters) = operation["parameters"].as_array() {
        page.push_str("<table>");
        for parameter in parameters {
            let _ = write!(
                page,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
                text(&parameter["name"]),
                text(&parameter["in"]),
                text(&parameter["description"])
            );
        }
        page.push_str("</table>");
    }
    for (title, part) in [
        ("Body", &operation["requestBody"]),
        ("Answers", &operation["responses"]),
    ] {
        if !part.is_null() {
            let _ = write!(page, "<p>{title}</p><pre>{}</pre>", pretty(part));
        }
    }
    page.push_str("</details>");
}

/// The whole page; made once at start.
pub fn page(document: &Json) -> String {
    let mut by_tag: BTreeMap<String, Vec<(&str, &str, &Json)>> = BTreeMap::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            by_tag
                .entry(text(&operation["tags"][0]))
                .or_default()
                .push((method, path, operation));
        }
    }
    let mut page = String::from(HEAD);
    let _ = write!(
        page,
        "<h1>Chengdan API {}</h1><p>{}</p><p>The same for programs: <a href=\"/api/openapi.json\">openapi.json</a></p>",
        text(&document["info"]["version"]),
        text(&document["info"]["description"])
    );
    for (tag, operations) in by_tag {
        let _ = write!(page, "<h2>{tag}</h2>");
        for (method, path, json) in operations {
            operation(&mut page, method, path, json);
        }
    }
    page.push_str("<h2>Schemas</h2>");
    for (name, schema) in document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
    {
        let _ = write!(
            page,
            "<details><summary><code>{name}</code></summary><pre>{}</pre></details>",
            pretty(schema)
        );
    }
    page.push_str("</body></html>");
    page
}
