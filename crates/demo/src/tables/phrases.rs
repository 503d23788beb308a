//! Short texts and codes for the fields of customers, contacts and opportunities.

/// Where a customer or an opportunity comes from, with shares in percent.
pub(crate) const SOURCES: &[(&str, u32)] = &[
    ("exhibition", 20),
    ("referral", 20),
    ("website", 18),
    ("cold_call", 16),
    ("partner", 12),
    ("tender", 8),
    ("campaign", 6),
];

/// Bands of employees with shares in percent for ordinary customers and for key accounts.
pub(crate) const EMPLOYEE_BANDS: &[(&str, u32, u32)] = &[
    ("lt_50", 24, 0),
    ("50_99", 24, 2),
    ("100_299", 28, 10),
    ("300_999", 17, 30),
    ("1000_4999", 6, 40),
    ("gte_5000", 1, 18),
];

/// Bands of yearly revenue, one for each band of employees and one above.
pub(crate) const REVENUE_BANDS: &[&str] = &[
    "lt_20m",
    "20m_50m",
    "50m_100m",
    "100m_500m",
    "500m_1b",
    "1b_5b",
    "gte_5b",
];

/// Departments with the titles in them, the chief's title first.
#[rustfmt::skip]
pub(crate) const DEPARTMENTS: &[(&str, &[&str])] = &[
    ("设备部", &["设备部经理", "设备主管", "设备工程师"]),
    ("采购部", &["采购经理", "采购主管", "采购专员"]),
    ("生产部", &["生产总监", "生产经理", "车间主任"]),
    ("技术部", &["技术总监", "自动化工程师", "电气工程师"]),
    ("信息部", &["信息化总监", "IT 经理", "系统工程师"]),
    ("总经办", &["总经理", "副总经理", "总经理助理"]),
    ("财务部", &["财务总监", "财务经理", "成本会计"]),
    ("工程部", &["工程部经理", "项目经理", "工艺工程师"]),
];

/// Tags, given to a part of the customers.
pub(crate) const TAGS: &[&str] = &[
    "专精特新",
    "高新技术企业",
    "扩产中",
    "技改意向",
    "老客户推荐",
    "年度框架",
    "出口型",
    "付款及时",
    "价格敏感",
    "竞品在用",
];

/// How a project is called in an opportunity's name.
pub(crate) const PROJECT_WORDS: &[&str] = &[
    "采购",
    "升级改造",
    "一期",
    "二期",
    "扩产项目",
    "年度采购",
    "产线改造",
    "新厂项目",
    "试点项目",
    "替换项目",
];

/// Next steps for the funnel levels target, engaged and intention.
pub(crate) const NEXT_STEPS: &[&[&str]] = &[
    &[
        "电话约访设备负责人",
        "发送公司与产品资料",
        "确认项目负责人",
        "首次上门拜访",
    ],
    &[
        "现场调研产线并记录需求",
        "安排技术交流",
        "提交初步方案",
        "邀请参观样板工厂",
        "与售前确认配置清单",
    ],
    &[
        "提交正式报价",
        "商务谈判",
        "确认合同条款",
        "陪同高层拜访",
        "推动内部立项审批",
        "跟进合同会签",
    ],
];

/// Reasons for winning, with shares in percent.
pub(crate) const WIN_REASONS: &[(&str, u32)] = &[
    ("product", 32),
    ("service", 22),
    ("relationship", 20),
    ("price", 16),
    ("delivery", 10),
];

/// Notes for reasons for losing: code and remark.
pub(crate) const LOSS_NOTES: &[(&str, &str)] = &[
    ("price", "报价高于对手，客户以价格定标"),
    ("competitor", "客户选择了在用的供应商"),
    ("no_budget", "年度预算取消，项目搁置"),
    ("no_decision", "内部迟迟不立项，不再推进"),
    ("fit", "功能与现场需求不符"),
    ("timing", "交期赶不上客户的停机窗口"),
    ("relationship", "未能接触到决策人"),
];
