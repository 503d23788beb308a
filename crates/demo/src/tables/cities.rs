//! Where customers are: cities with real national division codes (six digits), from the published list of the
//! National Bureau of Statistics, and how many customers of a thousand or so each has.

/// A city with the districts in which the invented customers sit.
pub(crate) struct City {
    /// Short name as used in company names.
    pub place: &'static str,
    /// Province and city as written in an address.
    pub address: &'static str,
    /// Telephone area code.
    pub area_code: &'static str,
    /// Latitude and longitude of its middle, in degrees.
    pub position: (f64, f64),
    /// Relative number of customers.
    pub weight: u32,
    /// Six-digit division codes and names.
    pub districts: &'static [(&'static str, &'static str)],
}

impl City {
    /// The province's two-digit division code.
    pub(crate) fn province(&self) -> usize {
        let code = self.districts.first().map_or("00", |district| district.0);
        code.bytes()
            .take(2)
            .fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
    }
}

/// All cities, ordered by code.
#[rustfmt::skip]
pub(crate) const CITIES: &[City] = &[
    City { place: "北京", position: (39.90, 116.41), address: "北京市", area_code: "010", weight: 60, districts: &[("110108", "海淀区"), ("110113", "顺义区"), ("110114", "昌平区"), ("110115", "大兴区")] },
    City { place: "天津", position: (39.12, 117.20), address: "天津市", area_code: "022", weight: 34, districts: &[("120111", "西青区"), ("120113", "北辰区"), ("120116", "滨海新区")] },
    City { place: "石家庄", position: (38.04, 114.51), address: "河北省石家庄市", area_code: "0311", weight: 18, districts: &[("130102", "长安区"), ("130104", "桥西区")] },
    City { place: "唐山", position: (39.63, 118.18), address: "河北省唐山市", area_code: "0315", weight: 16, districts: &[("130202", "路南区"), ("130203", "路北区")] },
    City { place: "保定", position: (38.87, 115.46), address: "河北省保定市", area_code: "0312", weight: 12, districts: &[("130602", "竞秀区"), ("130606", "莲池区")] },
    City { place: "太原", position: (37.87, 112.55), address: "山西省太原市", area_code: "0351", weight: 14, districts: &[("140105", "小店区"), ("140106", "迎泽区")] },
    City { place: "呼和浩特", position: (40.84, 111.75), address: "内蒙古自治区呼和浩特市", area_code: "0471", weight: 7, districts: &[("150102", "新城区"), ("150103", "回民区")] },
    City { place: "包头", position: (40.66, 109.84), address: "内蒙古自治区包头市", area_code: "0472", weight: 9, districts: &[("150202", "东河区"), ("150203", "昆都仑区")] },
    City { place: "沈阳", position: (41.80, 123.43), address: "辽宁省沈阳市", area_code: "024", weight: 20, districts: &[("210106", "铁西区"), ("210112", "浑南区")] },
    City { place: "大连", position: (38.91, 121.61), address: "辽宁省大连市", area_code: "0411", weight: 20, districts: &[("210211", "甘井子区"), ("210213", "金州区")] },
    City { place: "长春", position: (43.82, 125.32), address: "吉林省长春市", area_code: "0431", weight: 15, districts: &[("220102", "南关区"), ("220103", "宽城区")] },
    City { place: "哈尔滨", position: (45.80, 126.53), address: "黑龙江省哈尔滨市", area_code: "0451", weight: 13, districts: &[("230102", "道里区"), ("230103", "南岗区")] },
    City { place: "上海", position: (31.19, 121.40), address: "上海市", area_code: "021", weight: 78, districts: &[("310112", "闵行区"), ("310114", "嘉定区"), ("310115", "浦东新区"), ("310117", "松江区"), ("310118", "青浦区"), ("310120", "奉贤区")] },
    City { place: "南京", position: (31.98, 118.78), address: "江苏省南京市", area_code: "025", weight: 40, districts: &[("320114", "雨花台区"), ("320115", "江宁区"), ("320102", "玄武区")] },
    City { place: "无锡", position: (31.55, 120.33), address: "江苏省无锡市", area_code: "0510", weight: 40, districts: &[("320205", "锡山区"), ("320214", "新吴区"), ("320281", "江阴市")] },
    City { place: "徐州", position: (34.26, 117.19), address: "江苏省徐州市", area_code: "0516", weight: 14, districts: &[("320302", "鼓楼区"), ("320303", "云龙区")] },
    City { place: "常州", position: (31.80, 119.96), address: "江苏省常州市", area_code: "0519", weight: 28, districts: &[("320411", "新北区"), ("320412", "武进区")] },
    City { place: "苏州", position: (31.30, 120.62), address: "江苏省苏州市", area_code: "0512", weight: 66, districts: &[("320506", "吴中区"), ("320576", "苏州工业园区"), ("320581", "常熟市"), ("320583", "昆山市")] },
    City { place: "南通", position: (32.01, 120.87), address: "江苏省南通市", area_code: "0513", weight: 22, districts: &[("320612", "通州区"), ("320613", "崇川区")] },
    City { place: "杭州", position: (30.25, 120.19), address: "浙江省杭州市", area_code: "0571", weight: 46, districts: &[("330108", "滨江区"), ("330109", "萧山区"), ("330110", "余杭区"), ("330102", "上城区")] },
    City { place: "宁波", position: (29.87, 121.58), address: "浙江省宁波市", area_code: "0574", weight: 40, districts: &[("330205", "江北区"), ("330206", "北仑区"), ("330212", "鄞州区")] },
    City { place: "温州", position: (28.00, 120.68), address: "浙江省温州市", area_code: "0577", weight: 18, districts: &[("330302", "鹿城区"), ("330303", "龙湾区")] },
    City { place: "嘉兴", position: (30.75, 120.75), address: "浙江省嘉兴市", area_code: "0573", weight: 20, districts: &[("330402", "南湖区"), ("330411", "秀洲区")] },
    City { place: "绍兴", position: (30.02, 120.57), address: "浙江省绍兴市", area_code: "0575", weight: 18, districts: &[("330602", "越城区"), ("330603", "柯桥区")] },
    City { place: "台州", position: (28.65, 121.41), address: "浙江省台州市", area_code: "0576", weight: 17, districts: &[("331002", "椒江区"), ("331003", "黄岩区")] },
    City { place: "合肥", position: (31.82, 117.23), address: "安徽省合肥市", area_code: "0551", weight: 28, districts: &[("340104", "蜀山区"), ("340111", "包河区"), ("340123", "肥西县")] },
    City { place: "芜湖", position: (31.34, 118.40), address: "安徽省芜湖市", area_code: "0553", weight: 14, districts: &[("340202", "镜湖区"), ("340207", "鸠江区")] },
    City { place: "福州", position: (26.08, 119.30), address: "福建省福州市", area_code: "0591", weight: 15, districts: &[("350102", "鼓楼区"), ("350103", "台江区")] },
    City { place: "厦门", position: (24.55, 118.07), address: "福建省厦门市", area_code: "0592", weight: 18, districts: &[("350205", "海沧区"), ("350211", "集美区")] },
    City { place: "泉州", position: (24.90, 118.62), address: "福建省泉州市", area_code: "0595", weight: 16, districts: &[("350502", "鲤城区"), ("350503", "丰泽区")] },
    City { place: "南昌", position: (28.68, 115.88), address: "江西省南昌市", area_code: "0791", weight: 13, districts: &[("360102", "东湖区"), ("360103", "西湖区")] },
    City { place: "济南", position: (36.66, 117.04), address: "山东省济南市", area_code: "0531", weight: 26, districts: &[("370102", "历下区"), ("370103", "市中区"), ("370104", "槐荫区")] },
    City { place: "青岛", position: (36.15, 120.38), address: "山东省青岛市", area_code: "0532", weight: 32, districts: &[("370211", "黄岛区"), ("370214", "城阳区"), ("370202", "市南区")] },
    City { place: "淄博", position: (36.80, 118.03), address: "山东省淄博市", area_code: "0533", weight: 12, districts: &[("370302", "淄川区"), ("370303", "张店区")] },
    City { place: "烟台", position: (37.48, 121.40), address: "山东省烟台市", area_code: "0535", weight: 17, districts: &[("370602", "芝罘区"), ("370611", "福山区")] },
    City { place: "潍坊", position: (36.71, 119.14), address: "山东省潍坊市", area_code: "0536", weight: 14, districts: &[("370702", "潍城区"), ("370703", "寒亭区")] },
    City { place: "郑州", position: (34.75, 113.63), address: "河南省郑州市", area_code: "0371", weight: 28, districts: &[("410102", "中原区"), ("410104", "管城回族区"), ("410184", "新郑市")] },
    City { place: "洛阳", position: (34.65, 112.43), address: "河南省洛阳市", area_code: "0379", weight: 16, districts: &[("410302", "老城区"), ("410303", "西工区")] },
    City { place: "新乡", position: (35.30, 113.90), address: "河南省新乡市", area_code: "0373", weight: 8, districts: &[("410702", "红旗区"), ("410703", "卫滨区")] },
    City { place: "武汉", position: (30.58, 114.30), address: "湖北省武汉市", area_code: "027", weight: 40, districts: &[("420111", "洪山区"), ("420112", "东西湖区"), ("420115", "江夏区"), ("420102", "江岸区")] },
    City { place: "宜昌", position: (30.70, 111.30), address: "湖北省宜昌市", area_code: "0717", weight: 10, districts: &[("420502", "西陵区"), ("420503", "伍家岗区")] },
    City { place: "襄阳", position: (32.02, 112.13), address: "湖北省襄阳市", area_code: "0710", weight: 10, districts: &[("420602", "襄城区"), ("420606", "樊城区")] },
    City { place: "长沙", position: (28.21, 112.97), address: "湖南省长沙市", area_code: "0731", weight: 28, districts: &[("430104", "岳麓区"), ("430111", "雨花区"), ("430121", "长沙县")] },
    City { place: "株洲", position: (27.83, 113.13), address: "湖南省株洲市", area_code: "0731", weight: 12, districts: &[("430202", "荷塘区"), ("430203", "芦淞区")] },
    City { place: "湘潭", position: (27.84, 112.93), address: "湖南省湘潭市", area_code: "0731", weight: 8, districts: &[("430302", "雨湖区"), ("430304", "岳塘区")] },
    City { place: "广州", position: (23.11, 113.32), address: "广东省广州市", area_code: "020", weight: 54, districts: &[("440112", "黄埔区"), ("440113", "番禺区"), ("440103", "荔湾区"), ("440104", "越秀区")] },
    City { place: "深圳", position: (22.63, 114.04), address: "广东省深圳市", area_code: "0755", weight: 70, districts: &[("440306", "宝安区"), ("440307", "龙岗区"), ("440309", "龙华区"), ("440310", "坪山区")] },
    City { place: "珠海", position: (22.25, 113.55), address: "广东省珠海市", area_code: "0756", weight: 18, districts: &[("440402", "香洲区"), ("440403", "斗门区")] },
    City { place: "佛山", position: (23.03, 113.10), address: "广东省佛山市", area_code: "0757", weight: 42, districts: &[("440605", "南海区"), ("440606", "顺德区"), ("440604", "禅城区")] },
    City { place: "东莞", position: (22.98, 113.78), address: "广东省", area_code: "0769", weight: 44, districts: &[("441900", "东莞市")] },
    City { place: "江门", position: (22.60, 113.08), address: "广东省江门市", area_code: "0750", weight: 14, districts: &[("440703", "蓬江区"), ("440704", "江海区")] },
    City { place: "惠州", position: (23.08, 114.42), address: "广东省惠州市", area_code: "0752", weight: 22, districts: &[("441302", "惠城区"), ("441303", "惠阳区")] },
    City { place: "南宁", position: (22.82, 108.35), address: "广西壮族自治区南宁市", area_code: "0771", weight: 12, districts: &[("450102", "兴宁区"), ("450103", "青秀区")] },
    City { place: "柳州", position: (24.33, 109.42), address: "广西壮族自治区柳州市", area_code: "0772", weight: 12, districts: &[("450202", "城中区"), ("450203", "鱼峰区")] },
    City { place: "海口", position: (20.02, 110.33), address: "海南省海口市", area_code: "0898", weight: 6, districts: &[("460106", "龙华区"), ("460105", "秀英区")] },
    City { place: "重庆", position: (29.57, 106.55), address: "重庆市", area_code: "023", weight: 38, districts: &[("500105", "江北区"), ("500107", "九龙坡区"), ("500112", "渝北区"), ("500101", "万州区")] },
    City { place: "成都", position: (30.64, 104.05), address: "四川省成都市", area_code: "028", weight: 44, districts: &[("510107", "武侯区"), ("510112", "龙泉驿区"), ("510116", "双流区"), ("510117", "郫都区")] },
    City { place: "德阳", position: (31.13, 104.39), address: "四川省德阳市", area_code: "0838", weight: 10, districts: &[("510603", "旌阳区"), ("510604", "罗江区")] },
    City { place: "绵阳", position: (31.47, 104.70), address: "四川省绵阳市", area_code: "0816", weight: 10, districts: &[("510703", "涪城区"), ("510704", "游仙区")] },
    City { place: "贵阳", position: (26.62, 106.67), address: "贵州省贵阳市", area_code: "0851", weight: 12, districts: &[("520102", "南明区"), ("520103", "云岩区")] },
    City { place: "昆明", position: (25.02, 102.72), address: "云南省昆明市", area_code: "0871", weight: 14, districts: &[("530102", "五华区"), ("530103", "盘龙区")] },
    City { place: "西安", position: (34.27, 108.95), address: "陕西省西安市", area_code: "029", weight: 34, districts: &[("610112", "未央区"), ("610113", "雁塔区"), ("610116", "长安区")] },
    City { place: "宝鸡", position: (34.36, 107.20), address: "陕西省宝鸡市", area_code: "0917", weight: 9, districts: &[("610302", "渭滨区"), ("610303", "金台区")] },
    City { place: "兰州", position: (36.07, 103.80), address: "甘肃省兰州市", area_code: "0931", weight: 9, districts: &[("620102", "城关区"), ("620103", "七里河区")] },
    City { place: "银川", position: (38.48, 106.23), address: "宁夏回族自治区银川市", area_code: "0951", weight: 7, districts: &[("640104", "兴庆区"), ("640105", "西夏区")] },
    City { place: "乌鲁木齐", position: (43.83, 87.60), address: "新疆维吾尔自治区乌鲁木齐市", area_code: "0991", weight: 9, districts: &[("650102", "天山区"), ("650103", "沙依巴克区")] },
];
