//! What the company sells: product lines, products and who competes with them.

use uuid::Uuid;

use crate::calendar::instant;
use crate::ids::{Kind, id};

/// The opponents that turn up in opportunities; all invented.
pub const COMPETITORS: [&str; 6] = [
    "澜衡自动化",
    "砺川控制",
    "衡屿软件",
    "启砺机器人",
    "钧澜测控",
    "砺衡系统集成",
];

/// A product line.
#[derive(Clone, Debug)]
pub struct ProductLine {
    pub id: Uuid,
    pub name: &'static str,
    pub code: &'static str,
    /// Milliseconds UTC.
    pub created_at: i64,
}

/// A product.
#[derive(Clone, Debug)]
pub struct Product {
    pub id: Uuid,
    pub name: &'static str,
    pub code: &'static str,
    pub line_id: Uuid,
    pub unit: &'static str,
    /// In 分.
    pub list_price_minor: i64,
    /// In 分; four fifths of the list price.
    pub floor_price_minor: i64,
    /// `planned`, `active` or `discontinued`.
    pub state: &'static str,
    /// Share in the sales two years ago and today, as factors: equal, but for the declining and the rising product.
    pub trend: (f64, f64),
    /// Milliseconds UTC.
    pub created_at: i64,
    /// What an opportunity about it is named after.
    pub(crate) topic: &'static str,
}

impl Product {
    /// How often the product is sold at a moment between two years ago (0) and today (1), relative to the others.
    pub(crate) fn weight(&self, moment: f64) -> f64 {
        if self.state == "planned" {
            return 0.0;
        }
        self.trend.0 + (self.trend.1 - self.trend.0) * moment.clamp(0.0, 1.0)
    }

    /// What the product does to the probability to win: the declining one lowers it, the rising one raises it.
    pub(crate) fn win_shift(&self) -> f64 {
        match self.trend.1 - self.trend.0 {
            change if change < -0.5 => -0.12,
            change if change > 0.5 => 0.06,
            _ => 0.0,
        }
    }
}

const LINES: [(&str, &str); 4] = [
    ("控制与驱动", "CD"),
    ("机器视觉与机器人", "VR"),
    ("工业软件", "SW"),
    ("测控仪表与服务", "MS"),
];

struct Row(
    &'static str,
    &'static str,
    usize,
    &'static str,
    i64,
    &'static str,
    (f64, f64),
    &'static str,
);

const STEADY: (f64, f64) = (1.0, 1.0);

// Name, code, line, unit, list price in 元, state, trend, topic.
#[rustfmt::skip]
const PRODUCTS: [Row; 20] = [
    Row("YC300 可编程控制器", "CD-PLC300", 0, "套", 6_800, "active", STEADY, "控制系统"),
    Row("YC700 大型可编程控制器", "CD-PLC700", 0, "套", 42_000, "active", STEADY, "主控系统"),
    Row("DCS200 集散控制柜", "CD-DCS200", 0, "面", 86_000, "active", (2.4, 0.5), "集散控制"),
    Row("SV5 伺服驱动系统", "CD-SV5", 0, "轴", 4_600, "active", STEADY, "伺服驱动"),
    Row("VF8 变频器", "CD-VF8", 0, "台", 9_800, "active", STEADY, "变频节能"),
    Row("RIO 分布式 I/O 站", "CD-RIO", 0, "站", 2_900, "active", STEADY, "分布式 I/O"),
    Row("FB1 现场总线网关", "CD-FB1", 0, "台", 3_200, "discontinued", (0.5, 0.0), "总线改造"),
    Row("VX 视觉检测工作站", "VR-VX", 1, "站", 128_000, "active", STEADY, "视觉检测"),
    Row("VC2 智能相机", "VR-VC2", 1, "台", 16_500, "active", STEADY, "智能相机"),
    Row("CR6 协作机器人单元", "VR-CR6", 1, "套", 168_000, "active", STEADY, "协作机器人"),
    Row("G3D 三维引导系统", "VR-G3D", 1, "套", 215_000, "active", STEADY, "三维引导"),
    Row("CR9 重载协作机器人", "VR-CR9", 1, "套", 260_000, "planned", STEADY, "重载机器人"),
    Row("屹川 MES 制造执行系统", "SW-MES", 2, "套", 380_000, "active", STEADY, "MES"),
    Row("屹川 SCADA 监控平台", "SW-SCADA", 2, "套", 145_000, "active", STEADY, "数据监控平台"),
    Row("屹川云边协同平台", "SW-EDGE", 2, "节点", 18_000, "active", (0.5, 2.6), "云边协同"),
    Row("能源管理系统", "SW-EMS", 2, "套", 98_000, "active", STEADY, "能源管理"),
    Row("设备健康管理许可", "SW-PHM", 2, "点", 1_600, "active", STEADY, "设备健康管理"),
    Row("TF 智能流量计", "MS-TF", 3, "台", 7_400, "active", STEADY, "计量仪表"),
    Row("PT 压力温度变送器", "MS-PT", 3, "台", 2_200, "active", STEADY, "变送器"),
    Row("年度维保服务", "MS-CARE", 3, "年", 56_000, "active", STEADY, "年度维保"),
];

/// The product lines and the products, recorded on the given day.
pub(crate) fn catalogue(seed: u64, day: i32) -> (Vec<ProductLine>, Vec<Product>) {
    let created_at = instant(day, 36_000);
    let lines: Vec<ProductLine> = LINES
        .iter()
        .zip(0_u32..)
        .map(|((name, code), number)| ProductLine {
            id: id(
                seed,
                Kind::ProductLine,
                number.into(),
                created_at + i64::from(number),
            ),
            name,
            code,
            created_at,
        })
        .collect();
    let products = PRODUCTS
        .iter()
        .zip(0_u32..)
        .map(
            |(Row(name, code, line, unit, yuan, state, trend, topic), number)| Product {
                id: id(
                    seed,
                    Kind::Product,
                    number.into(),
                    created_at + 1_000 + i64::from(number),
                ),
                name,
                code,
                line_id: lines[*line].id,
                unit,
                list_price_minor: yuan * 100,
                floor_price_minor: yuan * 80,
                state,
                trend: *trend,
                created_at,
                topic,
            },
        )
        .collect();
    (lines, products)
}
