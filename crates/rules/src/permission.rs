//! Who may do what: actions, scopes, roles, and their union.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Read,
    Create,
    Edit,
    Delete,
    Transfer,
    Export,
    Import,
    Approve,
    Configure,
}

impl Action {
    pub const ALL: [Action; 9] = [
        Action::Read,
        Action::Create,
        Action::Edit,
        Action::Delete,
        Action::Transfer,
        Action::Export,
        Action::Import,
        Action::Approve,
        Action::Configure,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Action::Read => "read",
            Action::Create => "create",
            Action::Edit => "edit",
            Action::Delete => "delete",
            Action::Transfer => "transfer",
            Action::Export => "export",
            Action::Import => "import",
            Action::Approve => "approve",
            Action::Configure => "configure",
        }
    }
}

/// How far an action reaches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Own records, and those shared with the person.
    Own,
    /// Own, and those of everybody below in the line of command.
    OwnAndSubordinates,
    /// Everybody's in the person's team.
    Team,
    /// Everybody's in the person's team and the teams below it.
    TeamAndBelow,
    /// Everybody's in these teams; an empty list denies.
    NamedTeams(Vec<Uuid>),
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldRule {
    Mask,
    Hide,
}

/// What a role allows: resource → action → scope, and field rules.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Grants {
    #[serde(default)]
    pub resources: BTreeMap<String, BTreeMap<Action, Scope>>,
    #[serde(default)]
    pub fields: BTreeMap<String, BTreeMap<String, FieldRule>>,
}

impl Grants {
    pub fn allow(mut self, resource: &str, actions: &[Action], scope: Scope) -> Self {
        let grants = self.resources.entry(resource.into()).or_default();
        for action in actions {
            grants.insert(*action, scope.clone());
        }
        self
    }
    pub fn field(mut self, resource: &str, field: &str, rule: FieldRule) -> Self {
        self.fields
            .entry(resource.into())
            .or_default()
            .insert(field.into(), rule);
        self
    }
}

/// What a person may do: the union of all roles, never just the highest one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Permissions {
    scopes: BTreeMap<(String, Action), BTreeSet<Scope>>,
    fields: BTreeMap<(String, String), FieldRule>,
}

impl Permissions {
    pub fn unite<'a>(roles: impl IntoIterator<Item = &'a Grants>) -> Self {
        let mut scopes: BTreeMap<(String, Action), BTreeSet<Scope>> = BTreeMap::new();
        let mut readers: BTreeMap<String, Vec<&Grants>> = BTreeMap::new();
        for role in roles {
            for (resource, actions) in &role.resources {
                for (action, scope) in actions {
                    if *scope == Scope::NamedTeams(Vec::new()) {
                        continue;
                    }
                    scopes
                        .entry((resource.clone(), *action))
                        .or_default()
                        .insert(scope.clone());
                    if *action == Action::Read {
                        readers.entry(resource.clone()).or_default().push(role);
                    }
                }
            }
        }
        // A field is shown as openly as the most open of the roles that can read the resource shows it.
        let mut fields = BTreeMap::new();
        for (resource, roles) in readers {
            let names: BTreeSet<&String> = roles
                .iter()
                .filter_map(|role| role.fields.get(&resource))
                .flat_map(BTreeMap::keys)
                .collect();
            for name in names {
                let mildest = roles
                    .iter()
                    .map(|role| {
                        role.fields
                            .get(&resource)
                            .and_then(|rules| rules.get(name))
                            .copied()
                    })
                    .min()
                    .flatten();
                if let Some(rule) = mildest {
                    fields.insert((resource.clone(), name.clone()), rule);
                }
            }
        }
        Permissions { scopes, fields }
    }

    /// The scopes for an action; none means not allowed. `All` swallows the others.
    pub fn scopes(&self, resource: &str, action: Action) -> Vec<Scope> {
        match self.scopes.get(&(resource.to_owned(), action)) {
            None => Vec::new(),
            Some(scopes) if scopes.contains(&Scope::All) => vec![Scope::All],
            Some(scopes) => scopes.iter().cloned().collect(),
        }
    }

    pub fn allows(&self, resource: &str, action: Action) -> bool {
        self.scopes.contains_key(&(resource.to_owned(), action))
    }

    pub fn field_rule(&self, resource: &str, field: &str) -> Option<FieldRule> {
        if self.fields.is_empty() {
            return None;
        }
        self.fields
            .get(&(resource.to_owned(), field.to_owned()))
            .copied()
    }

    pub fn actions(&self, resource: &str) -> Vec<Action> {
        Action::ALL
            .into_iter()
            .filter(|action| self.allows(resource, *action))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_unite_and_an_empty_team_list_denies() {
        let a = Grants::default().allow("customers", &[Action::Read], Scope::Own);
        let b = Grants::default()
            .allow("customers", &[Action::Read], Scope::Team)
            .allow("customers", &[Action::Edit], Scope::NamedTeams(vec![]));
        let both = Permissions::unite([&a, &b]);
        assert_eq!(
            both.scopes("customers", Action::Read),
            vec![Scope::Own, Scope::Team]
        );
        assert!(!both.allows("customers", Action::Edit));
    }

    #[test]
    fn a_field_is_masked_only_if_every_role_that_reads_masks_it() {
        let masks = Grants::default()
            .allow("contacts", &[Action::Read], Scope::All)
            .field("contacts", "mobile", FieldRule::Mask);
        let open = Grants::default().allow("contacts", &[Action::Read], Scope::Own);
        assert_eq!(
            Permissions::unite([&masks]).field_rule("contacts", "mobile"),
            Some(FieldRule::Mask)
        );
        assert_eq!(
            Permissions::unite([&masks, &open]).field_rule("contacts", "mobile"),
            None
        );
    }
}
