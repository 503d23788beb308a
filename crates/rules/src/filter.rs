//! The filter tree that lists, boards, exports and saved views share.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::value::FieldType;

/// A condition, or conditions joined.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum Filter {
    And {
        #[schema(no_recursion)]
        and: Vec<Filter>,
    },
    Or {
        #[schema(no_recursion)]
        or: Vec<Filter>,
    },
    Not {
        #[schema(no_recursion)]
        not: Box<Filter>,
    },
    /// Records that have a row beside them, such as a stage that they passed: `{"has":"stages","with":{…}}`.
    Has {
        has: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(no_recursion)]
        with: Option<Box<Filter>>,
    },
    Test(Test),
}

/// What one field is held against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// A field, or one field further through a reference: `customer_id.level`.
    pub field: String,
    pub op: Op,
    #[serde(default)]
    pub value: Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Between,
    During,
    Contains,
    StartsWith,
    In,
    NotIn,
    HasAny,
    HasAll,
    Is,
    Empty,
    NotEmpty,
}

/// How deep trees may nest, and how many tests they may hold: beyond that it is not a person's filter.
pub const MAX_DEPTH: usize = 8;
pub const MAX_TESTS: usize = 100;
/// Values in all lists of a tree together: SQLite binds at most 32,766 in one statement.
pub const MAX_VALUES: usize = 10_000;

impl Filter {
    /// The filters that must all fit.
    pub fn parts(&self) -> Vec<&Filter> {
        match self {
            Filter::And { and } => and.iter().flat_map(Filter::parts).collect(),
            other => vec![other],
        }
    }

    pub fn all(filters: Vec<Filter>) -> Filter {
        Filter::And { and: filters }
    }
    pub fn test(field: &str, op: Op, value: impl Into<Json>) -> Filter {
        Filter::Test(Test {
            field: field.into(),
            op,
            value: value.into(),
        })
    }

    /// Whether the tree stays within `MAX_DEPTH`, `MAX_TESTS` and `MAX_VALUES`.
    pub fn is_reasonable(&self) -> bool {
        let (mut tests, mut values) = (0, 0);
        self.measure(0, &mut tests, &mut values) && tests <= MAX_TESTS && values <= MAX_VALUES
    }

    /// Counts tests and values; false when the tree is too deep.
    fn measure(&self, depth: usize, tests: &mut usize, values: &mut usize) -> bool {
        if depth > MAX_DEPTH {
            return false;
        }
        match self {
            Filter::And { and: parts } | Filter::Or { or: parts } => parts
                .iter()
                .all(|part| part.measure(depth + 1, tests, values)),
            Filter::Not { not } => not.measure(depth + 1, tests, values),
            Filter::Has { with, .. } => {
                *tests += 1;
                with.as_ref()
                    .is_none_or(|with| with.measure(depth + 1, tests, values))
            }
            Filter::Test(test) => {
                *tests += 1;
                *values += test.value.as_array().map_or(1, Vec::len);
                true
            }
        }
    }
}

impl Op {
    /// Whether the operator means something for fields of this type.
    pub fn fits(self, kind: FieldType) -> bool {
        use FieldType as T;
        match self {
            Op::Empty | Op::NotEmpty => true,
            Op::Contains | Op::StartsWith => {
                kind.is_text() && !kind.is_list() && !matches!(kind, T::Day | T::Choice)
            }
            Op::Eq | Op::Ne => !kind.is_list(),
            Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Between => {
                matches!(
                    kind,
                    T::Integer | T::Number | T::Money | T::Day | T::Instant
                )
            }
            Op::During => matches!(kind, T::Day | T::Instant),
            Op::In | Op::NotIn => !kind.is_list() && !matches!(kind, T::Bool | T::Instant),
            Op::HasAny | Op::HasAll => kind.is_list(),
            Op::Is => kind == T::Bool,
        }
    }
}
