//! Exports: any list as a spreadsheet, within what its reader may see.

mod cells;
mod template;
mod writing;

use std::path::Path as FilePath;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use platform::access::Access;
use platform::app::App;
use platform::listing::ListQuery;
use platform::problem::{Problem, Result};
use platform::web::{Doc, Query, Routes};
use serde::Deserialize;
use serde_json::json;
use sheet::{Out, OutColumn};
use utoipa::{IntoParams, ToSchema};

pub use writing::{Exported, FileWriter, Sink, export};

/// The two kinds of file that go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    #[default]
    Xlsx,
    Csv,
}

impl FileFormat {
    pub fn ending(self) -> &'static str {
        match self {
            FileFormat::Xlsx => "xlsx",
            FileFormat::Csv => "csv",
        }
    }
    fn content_type(self) -> &'static str {
        match self {
            FileFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            FileFormat::Csv => "text/csv; charset=utf-8",
        }
    }
    /// By the file's name: `.csv` or workbook.
    pub fn of(path: &FilePath) -> FileFormat {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some(ending) if ending.eq_ignore_ascii_case("csv") => FileFormat::Csv,
            _ => FileFormat::Xlsx,
        }
    }
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// `xlsx` unless told.
    #[serde(default)]
    #[param(inline)]
    pub format: FileFormat,
    /// Filter tree as JSON, as in the list.
    pub filter: Option<String>,
    /// Fields, `-` for descending, as in the list.
    pub sort: Option<String>,
    /// Comma-separated fields in the order of the columns; all that people know by name unless told.
    pub columns: Option<String>,
    /// Words, pinyin or initials to search for.
    pub q: Option<String>,
}

impl ExportQuery {
    pub fn list(&self) -> ListQuery {
        ListQuery {
            filter: self.filter.clone(),
            sort: self.sort.clone(),
            q: self.q.clone(),
            ..ListQuery::default()
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Format {
    /// `xlsx` unless told.
    #[serde(default)]
    #[param(inline)]
    format: FileFormat,
}

/// One export and one template route for each resource.
pub fn routes(app: &App) -> Routes {
    let file = json!({ "type": "string", "format": "binary" });
    let mut routes = Routes::default();
    for resource in app.registry().iter() {
        let name = resource.name.clone();
        routes = routes.get(
            &format!("/api/{name}/export"),
            Doc::new(&name.clone(), &format!("Export {name} as a spreadsheet"))
                .about("Holds what the caller may export and see: out of scope rows and hidden fields are left out, masked fields stay masked.")
                .query::<ExportQuery>()
                .answer_schema("application/octet-stream", file.clone()),
            move |access: Access, Query(query): Query<ExportQuery>| {
                let name = name.clone();
                async move { download(&access, &name, query).await }
            },
        );
        if resource.read_only {
            continue;
        }
        let name = resource.name.clone();
        routes = routes.get(
            &format!("/api/{name}/import-template"),
            Doc::new(
                &name.clone(),
                &format!("An empty file with the columns that an import of {name} knows"),
            )
            .query::<Format>()
            .answer_schema("application/octet-stream", file.clone()),
            move |access: Access, Query(query): Query<Format>| {
                let name = name.clone();
                async move { template::answer(&access, &name, query.format).await }
            },
        );
    }
    routes
}

async fn download(access: &Access, resource: &str, query: ExportQuery) -> Result<Response> {
    let format = query.format;
    let exported = export(access, resource, &query, Sink::Nameless).await?;
    file_answer(exported, format)
}

/// A file as a download under its own name.
pub fn file_answer(exported: Exported, format: FileFormat) -> Result<Response> {
    let Some(file) = exported.file else {
        return Err(Problem::internal("an export without a file"));
    };
    let size = file.metadata()?.len();
    let stream =
        tokio_util::io::ReaderStream::with_capacity(tokio::fs::File::from_std(file), 64 << 10);
    let mut response = Response::new(Body::from_stream(stream));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(format.content_type()),
    );
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&disposition(&exported.name, format)).map_err(Problem::internal)?,
    );
    Ok(response)
}

/// Lines that are all at hand, as a download named after `title` and today.
pub async fn small_file(
    access: &Access,
    title: &str,
    format: FileFormat,
    columns: Vec<OutColumn>,
    lines: Vec<Vec<Out<'static>>>,
) -> Result<Response> {
    let rows = lines.len() as u64;
    let temp = access.app.files.passing_folder()?;
    let mut file = FileWriter::start(format, title, columns, temp, None);
    file.write(lines).await;
    let name = format!("{title}-{}.{}", access.app.clock.today(), format.ending());
    let exported = Exported {
        file: file.finish().await?,
        name,
        rows,
    };
    file_answer(exported, format)
}

/// RFC 6266: the name in UTF-8, and a plain one for clients that don't read it.
fn disposition(name: &str, format: FileFormat) -> String {
    let mut encoded = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!(
        "attachment; filename=\"export.{}\"; filename*=UTF-8''{encoded}",
        format.ending()
    )
}
