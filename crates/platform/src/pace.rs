//! How often somebody asks for the same thing, for what is asked by machines.

use std::time::Duration;

use moka::sync::Cache;
use uuid::Uuid;

use crate::app::App;
use crate::problem::{Problem, Result};

const MINUTE: Duration = Duration::from_secs(60);

/// How often each was asked in a minute: `(what, who, minute)`.
pub(crate) struct Pace(Cache<(&'static str, Uuid, i64), u32>);

impl Default for Pace {
    fn default() -> Pace {
        let counts = Cache::builder().max_capacity(20_000).time_to_live(MINUTE);
        Pace(counts.build())
    }
}

impl App {
    /// 429 for whoever asks this process for the same thing more than `most` times a minute.
    pub fn slow_down(&self, what: &'static str, who: Uuid, most: u32) -> Result<()> {
        let minute = self.clock.now_ms() / MINUTE.as_millis() as i64;
        let asked = self
            .pace
            .0
            .entry((what, who, minute))
            .and_upsert_with(|known| known.map_or(1, |known| known.into_value() + 1));
        if asked.into_value() > most {
            return Err(Problem::too_fast(MINUTE.as_secs() as i64));
        }
        Ok(())
    }
}
