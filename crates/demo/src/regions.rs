//! Sales regions: which provinces each covers, and how they differ.

use crate::tables::cities::CITIES;

/// A sales region with the provinces (two-digit division codes) that it covers.
pub(crate) struct Region {
    pub name: &'static str,
    /// Four-digit division code of the city where it sits.
    pub seat: &'static str,
    pub provinces: Vec<usize>,
}

struct Natural {
    name: &'static str,
    seat: &'static str,
    provinces: &'static [usize],
    // Regions that take it over while the company has three or five regions.
    taken_over_by: [usize; 2],
    win_shift: f64,
}

#[rustfmt::skip]
const NATURAL: [Natural; 7] = [
    Natural { name: "华东大区", seat: "3101", provinces: &[31, 32, 33, 34, 35, 36, 37], taken_over_by: [0, 0], win_shift: 0.05 },
    Natural { name: "华南大区", seat: "4403", provinces: &[44, 45, 46], taken_over_by: [1, 1], win_shift: 0.03 },
    Natural { name: "华北大区", seat: "1101", provinces: &[11, 12, 13, 14, 15], taken_over_by: [2, 2], win_shift: 0.0 },
    Natural { name: "华中大区", seat: "4201", provinces: &[41, 42, 43], taken_over_by: [1, 3], win_shift: -0.03 },
    Natural { name: "西南大区", seat: "5101", provinces: &[50, 51, 52, 53, 54], taken_over_by: [1, 4], win_shift: -0.09 },
    Natural { name: "西北大区", seat: "6101", provinces: &[61, 62, 63, 64, 65], taken_over_by: [2, 4], win_shift: -0.06 },
    Natural { name: "东北大区", seat: "2101", provinces: &[21, 22, 23], taken_over_by: [2, 2], win_shift: -0.12 },
];

/// The regions of a company: three up to scale 2, five up to scale 9, then all seven.
pub(crate) fn regions(scale: u32) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    for (index, natural) in NATURAL.iter().enumerate() {
        let home = match scale {
            0..=2 => natural.taken_over_by[0],
            3..=9 => natural.taken_over_by[1],
            _ => index,
        };
        if home == index {
            regions.push(Region {
                name: natural.name,
                seat: natural.seat,
                provinces: Vec::new(),
            });
        }
        // A region always stands before those that it takes over.
        let name = NATURAL[home].name;
        if let Some(region) = regions.iter_mut().find(|region| region.name == name) {
            region.provinces.extend_from_slice(natural.provinces);
        }
    }
    regions
}

/// What a province does to the probability to win.
pub(crate) fn win_shift(province: usize) -> f64 {
    NATURAL
        .iter()
        .find(|natural| natural.provinces.contains(&province))
        .map_or(0.0, |natural| natural.win_shift)
}

/// Share of the customers that sit in a province (not normalised).
pub(crate) fn customers_in(province: usize) -> f64 {
    CITIES
        .iter()
        .filter(|city| city.province() == province)
        .map(|city| f64::from(city.weight))
        .sum()
}

/// The name of a province's branch.
#[rustfmt::skip]
pub(crate) fn branch_name(province: usize) -> &'static str {
    match province {
        11 => "北京分公司", 12 => "天津分公司", 13 => "河北分公司", 14 => "山西分公司", 15 => "内蒙古分公司",
        21 => "辽宁分公司", 22 => "吉林分公司", 23 => "黑龙江分公司",
        31 => "上海分公司", 32 => "江苏分公司", 33 => "浙江分公司", 34 => "安徽分公司", 35 => "福建分公司", 36 => "江西分公司", 37 => "山东分公司",
        41 => "河南分公司", 42 => "湖北分公司", 43 => "湖南分公司", 44 => "广东分公司", 45 => "广西分公司", 46 => "海南分公司",
        50 => "重庆分公司", 51 => "四川分公司", 52 => "贵州分公司", 53 => "云南分公司",
        61 => "陕西分公司", 62 => "甘肃分公司", 64 => "宁夏分公司", 65 => "新疆分公司",
        _ => "直属分公司",
    }
}
