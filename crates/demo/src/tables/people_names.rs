//! Surnames and given names.

/// Surnames, the more frequent first; those with an unusual reading are left out.
pub(crate) const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";

/// Men's second characters (also alone as a whole given name).
pub(crate) const MALE: &str =
    "伟强磊军勇杰涛明超刚平辉鹏飞斌宇浩凯健俊帆波峰亮龙林阳博诚东文毅晨建志海坤旭洋松岩哲";

/// Women's second characters (also alone as a whole given name).
pub(crate) const FEMALE: &str =
    "芳娜敏静丽艳娟霞秀英玲燕红梅莉萍慧颖倩琳洁婷雪丹璐妍佳怡蓉岚月欣悦媛珊菲莹露瑶";

/// First characters of a man's two-character given name.
pub(crate) const MALE_FIRST: &str = "建国志文晓小子思家俊永少宏振立光世明海春正天德新一嘉泽浩";

/// First characters of a woman's two-character given name.
pub(crate) const FEMALE_FIRST: &str = "晓小雅思佳美淑玉秋春文丽雨梦诗婉嘉欣海慧";
