//! Tiles of a dashboard: which figures each shows, and how.

use std::collections::BTreeSet;

use platform::access::Access;
use platform::problem::{FieldProblem, Problem, Result};
use rules::metrics::Unit;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::figures::{Breakdown, ComparedWith};
use crate::metrics::Catalogue;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Tile {
    pub kind: TileKind,
    /// Instead of the metrics' names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Codes of metrics; none of kinds that have their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<String>,
    /// Of kind `panel`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panel: Option<TilePanel>,
    /// The period of this length around today, or around the last day of what the dashboard shows if that is over; unless told, just
    /// what the dashboard shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<TileLength>,
    /// How many periods one after another, the last the one shown: of `number`, `line`, `bar` and `cohort`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub periods: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compare: Vec<ComparedWith>,
    /// What a bar, a table or a leaderboard tells apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Breakdown>,
    /// Narrower than what the dashboard is looked at for.
    #[serde(default, skip_serializing_if = "TileSlice::is_empty")]
    pub slice: TileSlice,
    #[serde(default)]
    pub size: TileSize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TileKind {
    /// One figure with its course and what it is held against.
    Number,
    Line,
    Bar,
    Table,
    Leaderboard,
    /// Customers from level to level.
    Funnel,
    /// One metric by person (or team) and day.
    HeatMap,
    /// Of the customers that reached a level in each month, how many have come further.
    Cohort,
    /// What is not asked of the figures: see `panel`.
    Panel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TilePanel {
    /// Opportunities from stage to stage.
    Stages,
    /// What is open now, by stage.
    Pipeline,
    /// Why opportunities were lost.
    Losses,
    /// What is still to be received, by how long it is overdue.
    Receivables,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TileLength {
    Day,
    Week,
    Month,
    Quarter,
    Half,
    Year,
    FiscalYear,
}

/// A quarter, half or all of a wide screen's width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TileSize {
    Small,
    #[default]
    Medium,
    Large,
}

/// As `/api/figures` slices.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TileSlice {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_id: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_line_id: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_id: Option<Uuid>,
}

impl TileSlice {
    fn is_empty(&self) -> bool {
        *self == TileSlice::default()
    }
}

/// More are nothing to look at.
const TILES_MAX: usize = 30;
const TITLE_MAX: usize = 60;
const PERIODS_MAX: u32 = 36;

/// The tiles that a client sends; 422 names every bad part: `/tiles/2/metrics`.
pub fn read(access: &Access, catalogue: &Catalogue, tiles: &[Json]) -> Result<Vec<Tile>> {
    if tiles.is_empty() {
        return Err(Problem::field("tiles", "required"));
    }
    if tiles.len() > TILES_MAX {
        let params = json!({ "max": TILES_MAX });
        return Err(Problem::field_with("tiles", "too_many", params));
    }
    let mut errors = Vec::new();
    let mut read = Vec::new();
    for (at, tile) in tiles.iter().enumerate() {
        let mut parts = Parts {
            at,
            tile: tile.as_object(),
            errors: &mut errors,
        };
        if let Some(tile) = parts.tile(access, catalogue) {
            read.push(tile);
        }
    }
    match errors.is_empty() {
        true => Ok(read),
        false => Err(Problem::invalid(errors)),
    }
}

/// One tile as it was sent, and where what is wrong with it is put down.
struct Parts<'a> {
    at: usize,
    tile: Option<&'a Map<String, Json>>,
    errors: &'a mut Vec<FieldProblem>,
}

const NAMES: [&str; 10] = [
    "kind", "title", "metrics", "panel", "length", "periods", "compare", "by", "slice", "size",
];

impl Parts<'_> {
    fn refuse(&mut self, name: &str, code: &str, params: Json) {
        let pointer = format!("/tiles/{}/{name}", self.at);
        let pointer = pointer.trim_end_matches('/');
        self.errors.push(FieldProblem::new(pointer, code, params));
    }

    fn part<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let value = self.tile?.get(name).filter(|value| !value.is_null())?;
        let read = serde_json::from_value(value.clone());
        if read.is_err() {
            let code = match value {
                Json::String(_) | Json::Array(_) => "unknown_choice",
                _ => "wrong_type",
            };
            self.refuse(name, code, json!({}));
        }
        read.ok()
    }

    /// The tile; `None` after a refusal.
    fn tile(&mut self, access: &Access, catalogue: &Catalogue) -> Option<Tile> {
        let before = self.errors.len();
        let Some(sent) = self.tile else {
            self.refuse("", "wrong_type", json!({}));
            return None;
        };
        if let Some(other) = sent.keys().find(|name| !NAMES.contains(&name.as_str())) {
            self.refuse(other, "unknown_field", json!({ "field": other }));
        }
        if sent.get("kind").is_none_or(Json::is_null) {
            self.refuse("kind", "required", json!({}));
        }
        let title: Option<String> = self.part("title");
        let kind: Option<TileKind> = self.part("kind");
        let tile = Tile {
            kind: kind.unwrap_or(TileKind::Number),
            title: title
                .map(|title| title.trim().to_owned())
                .filter(|title| !title.is_empty()),
            metrics: self.part("metrics").unwrap_or_default(),
            panel: self.part("panel"),
            length: self.part("length"),
            periods: self.part("periods"),
            compare: self.part("compare").unwrap_or_default(),
            by: self.part("by"),
            slice: self.part("slice").unwrap_or_default(),
            size: self.part("size").unwrap_or_default(),
        };
        if self.errors.len() == before {
            self.check(access, catalogue, &tile);
        }
        (self.errors.len() == before).then_some(tile)
    }

    fn check(&mut self, access: &Access, catalogue: &Catalogue, tile: &Tile) {
        let too_long = tile.title.as_ref().map(|title| title.chars().count());
        if too_long.is_some_and(|length| length > TITLE_MAX) {
            self.refuse("title", "too_long", json!({ "max": TITLE_MAX }));
        }
        let (least, most) = metrics_of(tile.kind);
        let different: BTreeSet<&String> = tile.metrics.iter().collect();
        if tile.metrics.len() < least {
            self.refuse("metrics", "required", json!({}));
        } else if tile.metrics.len() > most {
            let (code, params) = match most {
                0 => ("not_of_this_tile", json!({})),
                _ => ("too_many", json!({ "max": most })),
            };
            self.refuse("metrics", code, params);
        } else if different.len() < tile.metrics.len() {
            self.refuse("metrics", "already_exists", json!({}));
        }
        let mut units: Vec<Unit> = Vec::new();
        for code in &tile.metrics {
            match catalogue.get(code) {
                None => self.refuse("metrics", "unknown_metric", json!({ "code": code })),
                Some(metric) if !units.contains(&metric.unit) => units.push(metric.unit),
                Some(_) => {}
            }
        }
        // A chart has one axis on either side.
        if matches!(tile.kind, TileKind::Line | TileKind::Bar) && units.len() > 2 {
            self.refuse("metrics", "too_many_units", json!({ "max": 2 }));
        }
        if (tile.kind == TileKind::Panel) != tile.panel.is_some() {
            let code = match tile.panel {
                Some(_) => "not_of_this_tile",
                None => "required",
            };
            self.refuse("panel", code, json!({}));
        }
        self.check_shape(tile);
        let directory = access.app.directory();
        let teams = tile.slice.team_id.into_iter();
        let people = tile.slice.person_id.into_iter();
        if teams
            .map(|team| directory.teams.contains_key(&team))
            .chain(people.map(|person| directory.people.contains_key(&person)))
            .any(|is_known| !is_known)
        {
            self.refuse("slice", "unknown_reference", json!({}));
        }
    }

    /// Whether the tile's kind has what else was said.
    fn check_shape(&mut self, tile: &Tile) {
        use TileKind::{Bar, Cohort, Funnel, Leaderboard, Line, Number, Panel, Table};
        let told_apart = match tile.kind {
            Bar | Table => true,
            Leaderboard => matches!(tile.by, None | Some(Breakdown::Person | Breakdown::Team)),
            _ => tile.by.is_none(),
        };
        if !told_apart || (tile.by.is_some() && tile.periods.is_some()) {
            self.refuse("by", "not_of_this_tile", json!({}));
        }
        if let Some(periods) = tile.periods {
            if !matches!(tile.kind, Number | Line | Bar | Cohort) {
                self.refuse("periods", "not_of_this_tile", json!({}));
            } else if !(2..=PERIODS_MAX).contains(&periods) {
                let params = json!({ "min": 2, "max": PERIODS_MAX });
                self.refuse("periods", "out_of_range", params);
            }
        }
        if !tile.compare.is_empty() && !matches!(tile.kind, Number | Table | Leaderboard) {
            self.refuse("compare", "not_of_this_tile", json!({}));
        }
        let has_own_time = matches!(
            tile.panel,
            Some(TilePanel::Pipeline | TilePanel::Receivables)
        );
        if tile.length.is_some() && has_own_time {
            self.refuse("length", "not_of_this_tile", json!({}));
        }
        if !tile.slice.is_empty() && matches!(tile.kind, Panel) {
            self.refuse("slice", "not_of_this_tile", json!({}));
        }
        if tile.size == TileSize::Small
            && !matches!(tile.kind, Number | Funnel | Leaderboard | Table)
        {
            self.refuse("size", "not_of_this_tile", json!({}));
        }
    }
}

/// How many metrics a tile of a kind has: at least, and at most.
fn metrics_of(kind: TileKind) -> (usize, usize) {
    match kind {
        TileKind::Number | TileKind::Leaderboard | TileKind::HeatMap => (1, 1),
        TileKind::Line | TileKind::Bar => (1, 6),
        TileKind::Table => (1, 12),
        TileKind::Funnel | TileKind::Cohort | TileKind::Panel => (0, 0),
    }
}
