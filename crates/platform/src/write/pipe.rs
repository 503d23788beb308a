//! A write's transaction, and the statements on their way into it.

use std::sync::Arc;

use sea_orm::sea_query::SelectStatement;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, QueryResult, Statement, Values};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::problem::{Problem, Result};

/// Statements made ahead of the database.
const AHEAD: usize = 8;

/// Statements that wait for the next one, at most.
const TOGETHER: usize = 8;

/// A bulk write hands its inserts on and goes on making rows, while they are executed in order behind it; everything else
/// first waits until they are done.
///
/// On SQLite a statement costs less than its way to the database's thread and back, for which all other writers wait too:
/// statements whose outcome nobody asks for go there together with the next one.
pub struct Pipe {
    tx: Arc<DatabaseTransaction>,
    waiting: Vec<Statement>,
    behind: Option<(mpsc::Sender<Statement>, JoinHandle<Result<()>>)>,
}

impl Pipe {
    pub fn new(tx: DatabaseTransaction) -> Pipe {
        Pipe {
            tx: Arc::new(tx),
            waiting: Vec::new(),
            behind: None,
        }
    }

    pub fn backend(&self) -> DbBackend {
        self.tx.get_database_backend()
    }

    /// The transaction, when all that was handed on is done.
    pub async fn settled(&mut self) -> Result<&DatabaseTransaction> {
        self.caught_up().await?;
        if !self.waiting.is_empty() {
            let together = joined(std::mem::take(&mut self.waiting));
            self.tx.execute_raw(together).await?;
        }
        Ok(&self.tx)
    }

    /// Waits for what is executed behind.
    async fn caught_up(&mut self) -> Result<()> {
        if let Some((sender, done)) = self.behind.take() {
            drop(sender);
            done.await.map_err(Problem::internal)??;
        }
        Ok(())
    }

    /// The rows of a question; what waits is done before.
    pub async fn rows(&mut self, select: &SelectStatement) -> Result<Vec<QueryResult>> {
        if self.waiting.is_empty() {
            return Ok(self.settled().await?.query_all(select).await?);
        }
        self.caught_up().await?;
        self.waiting.push(self.backend().build(select));
        let together = joined(std::mem::take(&mut self.waiting));
        Ok(self.tx.query_all_raw(together).await?)
    }

    /// Executes a statement that answers no rows, and of which nobody asks how many it changed; it may wait for the next one.
    pub async fn execute(&mut self, statement: Statement) -> Result<()> {
        if self.backend() != DbBackend::Sqlite {
            self.settled().await?.execute_raw(statement).await?;
            return Ok(());
        }
        self.waiting.push(statement);
        if self.waiting.len() >= TOGETHER {
            self.settled().await?;
        }
        Ok(())
    }

    /// Forgets what waits: it is about to be taken back.
    pub fn forget(&mut self) {
        self.waiting.clear();
    }

    /// Executes a statement behind the caller's back, but in order.
    pub async fn execute_behind(&mut self, statement: Statement) -> Result<()> {
        if !self.waiting.is_empty() {
            self.settled().await?;
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

/// One text of several statements, whose parameters follow each other: SQLite's driver executes them in turn. None of them
/// numbers its parameters.
fn joined(mut statements: Vec<Statement>) -> Statement {
    if statements.len() == 1 {
        return statements.remove(0);
    }
    let mut sql = String::new();
    let mut values = Vec::new();
    for statement in statements {
        if !sql.is_empty() {
            sql.push_str("; ");
        }
        sql.push_str(&statement.sql);
        values.extend(statement.values.into_iter().flat_map(|values| values.0));
    }
    Statement {
        sql,
        values: Some(Values(values)),
        db_backend: DbBackend::Sqlite,
    }
}
