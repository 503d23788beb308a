//! A write's transaction, and the statements on their way into it.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::problem::{Problem, Result};

/// Statements made ahead of the database.
const AHEAD: usize = 8;

/// A bulk write hands its inserts on and goes on making rows, while they are executed in order behind it; everything else
/// first waits until they are done.
pub struct Pipe {
    tx: Arc<DatabaseTransaction>,
    behind: Option<(mpsc::Sender<Statement>, JoinHandle<Result<()>>)>,
}

impl Pipe {
    pub fn new(tx: DatabaseTransaction) -> Pipe {
        Pipe {
            tx: Arc::new(tx),
            behind: None,
        }
    }

    pub fn backend(&self) -> DbBackend {
        self.tx.get_database_backend()
    }

    /// The transaction, when all that was handed on is done.
    pub async fn settled(&mut self) -> Result<&DatabaseTransaction> {
        if let Some((sender, done)) = self.behind.take() {
            drop(sender);
            done.await.map_err(Problem::internal)??;
        }
        Ok(&self.tx)
    }

    /// Executes a statement, now or behind the caller's back but in order.
    pub async fn execute(&mut self, statement: Statement, behind: bool) -> Result<()> {
        if !behind {
            self.settled().await?.execute_raw(statement).await?;
            return Ok(());
        }
        let tx = &self.tx;
        let (sender, _) = self.behind.get_or_insert_with(|| {
            let (sender, mut statements) = mpsc::channel::<Statement>(AHEAD);
            let tx = tx.clone();
            let done = tokio::spawn(async move {
                while let Some(statement) = statements.recv().await {
                    tx.execute_raw(statement).await?;
                }
                Ok(())
            });
            (sender, done)
        });
        if sender.send(statement).await.is_err() {
            // It stopped at a statement that failed, and says so.
            self.settled().await?;
            return Err(Problem::internal("a bulk write stopped early"));
        }
        Ok(())
    }

    pub async fn commit(mut self) -> Result<()> {
        self.settled().await?;
        let tx = Arc::try_unwrap(self.tx)
            .map_err(|_| Problem::internal("the transaction is still in use"))?;
        Ok(tx.commit().await?)
    }
}
