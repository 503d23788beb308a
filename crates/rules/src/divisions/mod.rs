//! The national divisions: provinces (two digits), cities (four) and districts (six).

mod find;

pub use find::find;
pub(crate) use find::leading_place;

use crate::names::pinyin;
use serde::Serialize;
use std::sync::OnceLock;

static DIVISIONS: &str = include_str!("../../data/divisions.txt");

/// A province, city or district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// Two, four or six digits; those of the levels above are its beginning.
    pub code: String,
    /// `深圳市`. A level that nobody names (the 市辖区 of a municipality) bears the name of its province.
    pub name: &'static str,
    /// Whether the level is left out of full names and of the tree.
    pub is_unnamed: bool,
    english: Option<&'static str>,
}

impl Division {
    /// The name without its kind, `深圳`, `内蒙古`, `延边`, unless only one character would be left.
    pub fn short_name(&self) -> &'static str {
        short_name(self.name, self.code.len())
    }

    /// `Inner Mongolia`, `Shenzhen`, `Nanshan`: English for provinces, pinyin below them.
    pub fn english_name(&self) -> String {
        self.english.map_or_else(
            || capitalised(&pinyin(self.short_name()).full),
            str::to_owned,
        )
    }

    fn depth(&self) -> usize {
        self.code.len()
    }
}

/// A node of the tree that people choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Branch {
    pub code: &'static str,
    pub name: &'static str,
    pub name_en: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Branch>,
}

/// The division with exactly this code.
pub fn by_code(code: &str) -> Option<&'static Division> {
    let all = all();
    all.binary_search_by(|division| division.code.as_str().cmp(code))
        .ok()
        .map(|at| &all[at])
}

/// All divisions, sorted by code.
pub fn all() -> &'static [Division] {
    static ALL: OnceLock<Vec<Division>> = OnceLock::new();
    ALL.get_or_init(read)
}

/// The names from the province down, parted by `/`: `广东省/深圳市/南山区`, `北京市/海淀区`.
pub fn full_name(code: &str) -> Option<String> {
    by_code(code)?;
    Some(
        path(code)
            .map(|division| division.name)
            .collect::<Vec<_>>()
            .join("/"),
    )
}

/// As [`full_name`], in English: `Guangdong/Shenzhen/Nanshan`.
pub fn full_english_name(code: &str) -> Option<String> {
    by_code(code)?;
    Some(
        path(code)
            .map(Division::english_name)
            .collect::<Vec<_>>()
            .join("/"),
    )
}

/// The named divisions from the province down to `code`.
fn path(code: &str) -> impl Iterator<Item = &'static Division> {
    [2, 4, 6]
        .into_iter()
        .filter_map(|depth| code.get(..depth).and_then(by_code))
        .filter(|division| !division.is_unnamed)
}

/// Provinces with their cities and districts; districts of an unnamed level hang under their province.
pub fn tree() -> &'static [Branch] {
    static TREE: OnceLock<Vec<Branch>> = OnceLock::new();
    TREE.get_or_init(|| {
        all()
            .iter()
            .filter(|division| division.depth() == 2)
            .map(branch)
            .collect()
    })
}

fn branch(division: &'static Division) -> Branch {
    Branch {
        code: &division.code,
        name: division.name,
        name_en: division.english_name(),
        children: named_below(division).map(branch).collect(),
    }
}

fn named_below(division: &'static Division) -> Box<dyn Iterator<Item = &'static Division>> {
    let start = all().partition_point(|other| other.code <= division.code);
    let below = all()[start..]
        .iter()
        .take_while(|other| other.code.starts_with(&division.code));
    let depth = division.depth() + 2;
    Box::new(
        below
            .filter(move |other| other.depth() == depth)
            .flat_map(|other| {
                if other.is_unnamed {
                    named_below(other)
                } else {
                    Box::new(std::iter::once(other))
                }
            }),
    )
}

fn read() -> Vec<Division> {
    let mut divisions = Vec::with_capacity(3400);
    let (mut province, mut province_name) = ("", "");
    for line in DIVISIONS.lines().filter(|line| !line.starts_with('#')) {
        let Some(city) = line.strip_prefix('\t') else {
            let mut words = line.splitn(3, ' ');
            province = words.next().unwrap_or_default();
            province_name = words.next().unwrap_or_default();
            divisions.push(Division {
                code: province.to_owned(),
                name: province_name,
                is_unnamed: false,
                english: words.next(),
            });
            continue;
        };
        let mut words = city.split(' ');
        let code = format!("{province}{}", words.next().unwrap_or_default());
        let name = words.next().unwrap_or_default();
        let is_unnamed = name == "*";
        let name = if is_unnamed { province_name } else { name };
        divisions.push(Division {
            code: code.clone(),
            name,
            is_unnamed,
            english: None,
        });
        divisions.extend(words.map(|district| Division {
            code: format!("{code}{}", &district[..2]),
            name: &district[2..],
            is_unnamed: false,
            english: None,
        }));
    }
    divisions.sort_unstable_by(|one, other| one.code.cmp(&other.code));
    divisions
}

/// Peoples that stand in the names of autonomous places, longer names before their own endings.
const PEOPLES: [&str; 47] = [
    "维吾尔",
    "哈萨克",
    "柯尔克孜",
    "蒙古族",
    "蒙古",
    "回族",
    "藏族",
    "壮族",
    "朝鲜族",
    "土家族",
    "苗族",
    "羌族",
    "彝族",
    "布依族",
    "侗族",
    "哈尼族",
    "傣族",
    "白族",
    "景颇族",
    "傈僳族",
    "满族",
    "瑶族",
    "黎族",
    "畲族",
    "佤族",
    "拉祜族",
    "纳西族",
    "水族",
    "仡佬族",
    "仫佬族",
    "毛南族",
    "锡伯",
    "塔吉克",
    "土族",
    "撒拉族",
    "保安族",
    "东乡族",
    "裕固族",
    "达斡尔族",
    "鄂温克族",
    "普米族",
    "怒族",
    "独龙族",
    "布朗族",
    "各族",
    "羌",
    "回",
];

fn short_name(name: &'static str, depth: usize) -> &'static str {
    let has_enough = |short: &&str| short.chars().nth(1).is_some();
    let kinds: &[&str] = match depth {
        2 => &["特别行政区", "自治区", "省", "市"],
        4 => &["自治州", "地区", "市", "盟"],
        _ => &["自治县", "自治旗", "林区", "特区", "区", "县", "市", "旗"],
    };
    let Some((kind, short)) = kinds.iter().find_map(|kind| {
        name.strip_suffix(kind)
            .filter(has_enough)
            .map(|short| (kind, short))
    }) else {
        return name;
    };
    let mut short = short;
    if kind.starts_with("自治") {
        while let Some(bare) = PEOPLES
            .iter()
            .find_map(|people| short.strip_suffix(people))
            .filter(has_enough)
        {
            short = bare;
        }
    }
    short
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests;
