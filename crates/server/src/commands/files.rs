//! `files`: where files are kept, and their way from the data folder into a bucket or back.

use clap::{Args, ValueEnum};
use platform::files::{Files, PASSING};
use platform::outbound::Outbound;

use super::{Failure, Outcome, PlaceArgs, note, say};

const EXAMPLES: &str = "\
Examples, with the bucket named by CHENGDAN_S3_… or the configuration file:
  chengdan files --data /var/lib/chengdan                        what lies where
  chengdan files --data /var/lib/chengdan --copy-to bucket       also while the server runs
  chengdan files --data /var/lib/chengdan --copy-to folder       the way back

To move: copy while the server runs on the folder; stop it; copy again, which takes a moment, since only what is new is
copied; start it with the bucket; run chengdan check. Nothing is removed at the source: do that by hand, when all is well
(in the folder: files/attachments and files/imports). docs/operate.md has the steps.";

/// Say where files are kept, or copy them between the data folder and a bucket
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct FilesArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// Copy what is not there yet
    #[arg(long, value_name = "WHERE")]
    copy_to: Option<Target>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    Bucket,
    Folder,
}

/// How many copies are told of at once.
const TOLD: usize = 500;

pub async fn run(args: FilesArgs) -> Outcome {
    let place = args.place.existing()?;
    let outbound = Outbound::new().map_err(Failure::other)?;
    let folder = Files::new(place.files_folder(), None, outbound.clone())?;
    let Some(options) = place.bucket.clone() else {
        if args.copy_to.is_some() {
            return Err(Failure::new("name the bucket with the s3_ options"));
        }
        return tell(&folder).await;
    };
    let bucket = Files::new(place.files_folder(), Some(options), outbound)?;
    let Some(target) = args.copy_to else {
        tell(&folder).await?;
        return tell(&bucket).await;
    };
    bucket.rehearse().await?;
    match target {
        Target::Bucket => copy(&folder, &bucket).await,
        Target::Folder => copy(&bucket, &folder).await,
    }
}

async fn tell(files: &Files) -> Outcome {
    let all = files.all("").await?;
    let bytes: u64 = all.values().sum();
    say(format!(
        "{}: {} files, {} MB",
        files.place(),
        all.len(),
        bytes.div_ceil(1_000_000)
    ))
}

async fn copy(from: &Files, to: &Files) -> Outcome {
    let there = to.all("").await?;
    let all = from.all("").await?;
    let (mut copied, mut known) = (0, 0);
    for (done, (key, size)) in all.iter().enumerate() {
        if key.starts_with(PASSING) {
            continue;
        }
        match to.take(from, key, *size, there.get(key).copied()).await? {
            true => copied += 1,
            false => known += 1,
        }
        if (done + 1) % TOLD == 0 {
            note(format!("{} of {}", done + 1, all.len()))?;
        }
    }
    say(format!(
        "{copied} files copied to {}; {known} were there already, or are no more",
        to.place()
    ))
}
