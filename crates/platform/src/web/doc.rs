//! Routes that carry their own description: a route can't be added without one.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, on};
use serde_json::{Map, Value as Json, json};
use utoipa::openapi::path::ParameterIn;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;

/// What one operation does, for people and for client generators.
#[derive(Debug, Clone, Default)]
pub struct Doc {
    summary: String,
    description: Option<String>,
    tag: String,
    parameters: Vec<Json>,
    body: Option<(String, Json)>,
    status: u16,
    answer: Option<(String, Json)>,
    schemas: Vec<(String, Json)>,
    public: bool,
}

fn schema_of<T: ToSchema>(schemas: &mut Vec<(String, Json)>) -> Json {
    let mut all = Vec::new();
    T::schemas(&mut all);
    all.push((T::name().into_owned(), T::schema()));
    for (name, schema) in all {
        if let Ok(schema) = serde_json::to_value(schema) {
            schemas.push((name, schema));
        }
    }
    json!({ "$ref": format!("#/components/schemas/{}", T::name()) })
}

impl Doc {
    pub fn new(tag: &str, summary: &str) -> Doc {
        Doc {
            tag: tag.into(),
            summary: summary.into(),
            status: 200,
            ..Doc::default()
        }
    }
    pub fn about(mut self, description: &str) -> Self {
        self.description = Some(description.into());
        self
    }
    /// Answers without a sign-in.
    pub fn public(mut self) -> Self {
        self.public = true;
        self
    }
    pub fn query<T: IntoParams>(mut self) -> Self {
        let params = T::into_params(|| Some(ParameterIn::Query));
        self.parameters.extend(
            params
                .iter()
                .filter_map(|param| serde_json::to_value(param).ok()),
        );
        self
    }
    pub fn header(mut self, name: &str, description: &str, required: bool) -> Self {
        self.parameters.push(json!({
            "name": name, "in": "header", "required": required, "description": description, "schema": { "type": "string" }
        }));
        self
    }
    /// A parameter of the address that is not required.
    pub fn parameter(mut self, name: &str, schema: Json) -> Self {
        self.parameters
            .push(json!({ "name": name, "in": "query", "required": false, "schema": schema }));
        self
    }
    pub fn if_match(self) -> Self {
        self.header(
            "If-Match",
            "The version that the change was made on, in quotes; 412 when somebody was faster.",
            true,
        )
    }
    /// Where a change may be made without knowing the version.
    pub fn may_match(self) -> Self {
        self.header(
            "If-Match",
            "The version that the change was made on, in quotes; 412 when somebody was faster. Without it the record as it is.",
            false,
        )
    }
    pub fn body<T: ToSchema>(mut self) -> Self {
        let schema = schema_of::<T>(&mut self.schemas);
        self.body = Some(("application/json".into(), schema));
        self
    }
    pub fn body_schema(mut self, content_type: &str, schema: Json) -> Self {
        self.body = Some((content_type.into(), schema));
        self
    }
    /// A shape by its name that `schema` or another route describes.
    pub fn answers_named(self, name: &str) -> Self {
        let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
        self.answer_schema("application/json", reference)
    }
    pub fn answers<T: ToSchema>(mut self) -> Self {
        let schema = schema_of::<T>(&mut self.schemas);
        self.answer = Some(("application/json".into(), schema));
        self
    }
    pub fn answer_schema(mut self, content_type: &str, schema: Json) -> Self {
        self.answer = Some((content_type.into(), schema));
        self
    }
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
    /// A component that the document needs besides.
    pub fn schema(mut self, name: &str, schema: Json) -> Self {
        self.schemas.push((name.into(), schema));
        self
    }
    /// The same of a type.
    pub fn names<T: ToSchema>(mut self) -> Self {
        schema_of::<T>(&mut self.schemas);
        self
    }

    fn operation(&self, method: &Method, path: &str) -> Json {
        let mut parameters = self.parameters.clone();
        for part in path.split('/') {
            if let Some(name) = part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
            {
                let schema = if name == "id" || name.ends_with("_id") || name == "batch" {
                    json!({ "type": "string", "format": "uuid" })
                } else {
                    json!({ "type": "string" })
                };
                parameters.push(
                    json!({ "name": name, "in": "path", "required": true, "schema": schema }),
                );
            }
        }
        if !method.is_safe() && !self.public {
            parameters.push(json!({ "$ref": "#/components/parameters/IdempotencyKey" }));
        }
        let id = format!(
            "{}_{}",
            method.as_str().to_lowercase(),
            path.trim_start_matches("/api/")
                .replace(['{', '}'], "")
                .replace(['/', '-', '.'], "_")
        );
        let mut answer =
            json!({ "description": if self.status == 204 { "Done" } else { "The answer" } });
        if let Some((content_type, schema)) = &self.answer {
            answer["content"] = json!({ content_type: { "schema": schema } });
        }
        let mut operation = json!({
            "tags": [self.tag],
            "summary": self.summary,
            "operationId": id,
            "responses": {
                self.status.to_string(): answer,
                "default": { "$ref": "#/components/responses/Problem" },
            },
        });
        if let Some(description) = &self.description {
            operation["description"] = json!(description);
        }
        if !parameters.is_empty() {
            operation["parameters"] = Json::Array(parameters);
        }
        if let Some((content_type, schema)) = &self.body {
            operation["requestBody"] =
                json!({ "required": true, "content": { content_type: { "schema": schema } } });
        }
        if self.public {
            operation["security"] = json!([]);
        }
        operation
    }
}

/// The API as one list: each route with its description.
#[derive(Default)]
pub struct Routes {
    router: Router<Arc<App>>,
    paths: Map<String, Json>,
    schemas: Map<String, Json>,
}

impl Routes {
    pub fn add<H, T>(mut self, method: Method, path: &str, doc: Doc, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        let operation = doc.operation(&method, path);
        let name = method.as_str().to_lowercase();
        if let Json::Object(item) = self.paths.entry(path).or_insert_with(|| json!({})) {
            item.insert(name, operation);
        }
        for (name, schema) in doc.schemas {
            self.name(name, schema);
        }
        let filter = MethodFilter::try_from(method).unwrap_or(MethodFilter::GET);
        self.router = self.router.route(path, on(filter, handler));
        self
    }
    pub fn get<H: Handler<T, Arc<App>>, T: 'static>(
        self,
        path: &str,
        doc: Doc,
        handler: H,
    ) -> Self {
        self.add(Method::GET, path, doc, handler)
    }
    pub fn post<H: Handler<T, Arc<App>>, T: 'static>(
        self,
        path: &str,
        doc: Doc,
        handler: H,
    ) -> Self {
        self.add(Method::POST, path, doc, handler)
    }
    pub fn put<H: Handler<T, Arc<App>>, T: 'static>(
        self,
        path: &str,
        doc: Doc,
        handler: H,
    ) -> Self {
        self.add(Method::PUT, path, doc, handler)
    }
    pub fn patch<H: Handler<T, Arc<App>>, T: 'static>(
        self,
        path: &str,
        doc: Doc,
        handler: H,
    ) -> Self {
        self.add(Method::PATCH, path, doc, handler)
    }
    pub fn delete<H: Handler<T, Arc<App>>, T: 'static>(
        self,
        path: &str,
        doc: Doc,
        handler: H,
    ) -> Self {
        self.add(Method::DELETE, path, doc, handler)
    }

    /// A component of the document. A name has one meaning: two types that are called the same would silently describe
    /// each other's answers.
    fn name(&mut self, name: String, schema: Json) {
        debug_assert!(
            self.schemas.get(&name).is_none_or(|known| *known == schema),
            "two different shapes are called {name}"
        );
        self.schemas.insert(name, schema);
    }

    /// Another feature's routes behind these.
    pub fn merge(mut self, other: Routes) -> Self {
        for (path, item) in other.paths {
            match self.paths.entry(path).or_insert_with(|| json!({})) {
                Json::Object(known) => {
                    if let Json::Object(item) = item {
                        known.extend(item);
                    }
                }
                known => *known = item,
            }
        }
        for (name, schema) in other.schemas {
            self.name(name, schema);
        }
        self.router = self.router.merge(other.router);
        self
    }

    /// The router, and the OpenAPI 3.1 document of exactly its routes.
    pub fn finish(mut self, version: &str) -> (Router<Arc<App>>, Json) {
        let mut schemas = Vec::new();
        let problem = schema_of::<crate::problem::FieldProblem>(&mut schemas);
        schema_of::<super::Money>(&mut schemas);
        schema_of::<super::Labels>(&mut schemas);
        schema_of::<super::Total>(&mut schemas);
        for (name, schema) in schemas {
            self.name(name, schema);
        }
        self.name("Problem".into(), json!({
            "type": "object",
            "description": "RFC 9457 problem. `code` is stable; texts are in the person's language.",
            "required": ["type", "title", "status", "code", "request_id"],
            "properties": {
                "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" },
                "code": { "type": "string" }, "detail": { "type": "string" }, "request_id": { "type": "string" },
                "params": { "type": "object", "additionalProperties": {} },
                "errors": { "type": "array", "items": problem },
            }
        }));
        self.paths.sort_keys();
        self.schemas.sort_keys();
        let document = json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Chengdan", "version": version,
                "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
                "description": "The system that a B2B sales organisation runs itself on. Money is in minor units, instants are RFC 3339 UTC, days are YYYY-MM-DD, ids are UUIDv7. Every change needs the version it was made on (If-Match); every answer to a change names its batch (Chengdan-Batch), which can be undone for 30 days.",
            },
            "security": [{ "session": [] }, { "token": [] }],
            "paths": self.paths,
            "components": {
                "schemas": self.schemas,
                "parameters": { "IdempotencyKey": {
                    "name": "Idempotency-Key", "in": "header", "required": false,
                    "description": "Any unique text of up to 200 characters. A request that comes again with it within 7 days is not carried out again: it gets the first one's answer. The same key on another request is refused.",
                    "schema": { "type": "string", "maxLength": 200 }
                } },
                "responses": { "Problem": {
                    "description": "What went wrong",
                    "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
                } },
                "securitySchemes": {
                    "session": { "type": "apiKey", "in": "cookie", "name": "chengdan_session" },
                    "token": { "type": "http", "scheme": "bearer" },
                },
            },
        });
        (self.router, document)
    }
}
