//! The invented company: loaded once, kept, and copied for each run.

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::Result;
use crate::client::Client;
use crate::floor::Floor;
use crate::running::{Place, Running};

/// A copy of the company that a run may write into.
pub struct Copy {
    pub place: Place,
    pub floor: Floor,
    /// Size of the whole database in bytes.
    pub bytes: u64,
    /// How long loading took, when it was this run that loaded.
    pub loaded_s: Option<f64>,
    /// What `demo` printed: a line for each person with whom one may try it.
    sign_in: String,
    /// A database of the PostgreSQL server that is no company's.
    admin: Option<Floor>,
}

const SIGN_IN: &str = "sign-in.txt";
const FILE: &str = "chengdan.db";

impl Copy {
    pub async fn on_sqlite(chengdan: PathBuf, data: &Path, scale: &str) -> Result<Copy> {
        let place = |name: &str| Place {
            chengdan: chengdan.clone(),
            data: data.join(format!("sqlite-{scale}")).join(name),
            database: None,
            environment: Vec::new(),
        };
        let (kept, run) = (place("kept"), place("run"));
        let loaded_s = load(&kept, scale)?;
        if run.data.exists() {
            std::fs::remove_dir_all(&run.data)?;
        }
        std::fs::create_dir_all(&run.data)?;
        std::fs::copy(kept.data.join(FILE), run.data.join(FILE))?;
        // A copy that is still on its way to the disk would hold up whoever waits for the disk later.
        std::fs::File::open(run.data.join(FILE))?.sync_all()?;
        // An older program may have loaded it.
        run.run(&["migrate"], "")?;
        let floor = Floor::sqlite(&run.data.join(FILE)).await?;
        let bytes = std::fs::metadata(run.data.join(FILE))?.len();
        Copy::with(run, floor, bytes, loaded_s, &kept, None)
    }

    /// `url` leads to a database of the server that is no company's.
    pub async fn on_postgres(
        chengdan: PathBuf,
        data: &Path,
        scale: &str,
        url: &str,
    ) -> Result<Copy> {
        let (server, _) = url.rsplit_once('/').ok_or("no database in the address")?;
        let place = |name: &str| Place {
            chengdan: chengdan.clone(),
            data: data.join(format!("postgres-{scale}-{name}")),
            database: Some(format!("{server}/{name}")),
            environment: Vec::new(),
        };
        let (kept, run) = (place("kept"), place("run"));
        let admin = Floor::postgres(url).await?;
        let mut loaded_s = None;
        if !kept.data.join(SIGN_IN).exists() {
            admin.execute("DROP DATABASE IF EXISTS kept").await?;
            admin.execute("CREATE DATABASE kept").await?;
            loaded_s = load(&kept, scale)?;
            let floor = Floor::postgres(&format!("{server}/kept")).await?;
            // What autovacuum does within minutes.
            floor.execute("VACUUM ANALYZE").await?;
            floor.close().await;
        }
        admin.execute("DROP DATABASE IF EXISTS run").await?;
        admin.execute("CREATE DATABASE run TEMPLATE kept").await?;
        std::fs::create_dir_all(&run.data)?;
        run.run(&["migrate"], "")?;
        let floor = Floor::postgres(&format!("{server}/run")).await?;
        let bytes = floor.count("SELECT pg_database_size('run')").await?;
        let bytes = bytes.unsigned_abs();
        Copy::with(run, floor, bytes, loaded_s, &kept, Some(admin))
    }

    fn with(
        place: Place,
        floor: Floor,
        bytes: u64,
        loaded_s: Option<f64>,
        kept: &Place,
        admin: Option<Floor>,
    ) -> Result<Copy> {
        let sign_in = std::fs::read_to_string(kept.data.join(SIGN_IN))?;
        Ok(Copy {
            place,
            floor,
            bytes,
            loaded_s,
            sign_in,
            admin,
        })
    }

    pub async fn serve(&self) -> Result<(Running, Client)> {
        let server = self.place.serve()?;
        let client = self.sign_in(&server, "administrator").await?;
        Ok((server, client))
    }

    /// As the person whom the invented company offers for a role.
    pub async fn sign_in(&self, server: &Running, role: &str) -> Result<Client> {
        let mut lines = self.sign_in.lines().map(|line| line.splitn(4, ' '));
        let found = lines.find_map(|mut words| {
            let (email, password) = (words.next()?, words.next()?);
            (words.next()? == role).then_some((email, password))
        });
        let (email, password) = found.ok_or_else(|| format!("nobody is a {role}"))?;
        Client::sign_in(server.address, email, password).await
    }

    /// Leaves what is kept, and removes the rest.
    pub async fn remove(self) -> Result<()> {
        self.floor.close().await;
        if let Some(admin) = self.admin {
            admin.execute("DROP DATABASE run WITH (FORCE)").await?;
        }
        Ok(std::fs::remove_dir_all(&self.place.data)?)
    }
}

/// Loads the company where it isn't yet; a load that was cut off is begun anew. Answers its seconds.
fn load(place: &Place, scale: &str) -> Result<Option<f64>> {
    if place.data.join(SIGN_IN).exists() {
        return Ok(None);
    }
    if place.data.exists() {
        std::fs::remove_dir_all(&place.data)?;
    }
    std::fs::create_dir_all(&place.data)?;
    let begun = Instant::now();
    let said = place.run(&["demo", "--scale", scale, "--load-only"], "")?;
    let seconds = begun.elapsed().as_secs_f64();
    std::fs::write(place.data.join(SIGN_IN), said)?;
    Ok(Some(seconds))
}
