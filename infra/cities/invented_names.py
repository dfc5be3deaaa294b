"""Names for places and people of a city that does not exist, always the same for the same seed."""

from random import Random

_PLACE_FIRST = "青云龙石金柳松梅竹桐枫榆槐杏桃荷兰菊葵禾稻麦谷泉溪湖河沙岩岭岗峰丰永安和平兴盛福瑞祥德仁义文学知书墨棠"
_PLACE_SECOND = "山溪桥湾塘坪岭冲坝洲泉屯堡店口关林园庄集渡浦台坡沟湖崖潭畈埠"
_STEPPE_FIRST = ("巴彦", "乌兰", "查干", "哈日", "呼和", "希日", "赛罕", "宝力", "白音", "额尔", "都兰", "阿木")
_STEPPE_SECOND = ("塔拉", "淖尔", "高勒", "陶勒盖", "乌苏", "花", "毛都", "敖包", "温都尔", "布拉格")
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘范彭鲁韦马方任袁柳唐薛贺罗毕郝安"
    "常于傅齐康伍余顾孟黄萧尹姚邵汪毛明戴宋庞熊纪舒屈项祝董梁"
)
_GIVEN = (
    "一之云仁以伟佳俊信兰凡军华卓卫可同向启和哲嘉国坤城培宁宇安宏家小岚岩峰川帆平庆广建强彤彬志思恒悦惠敏"
    "文斌旭明春晓晨景智月朋林栋桂梅楠欣正永江沐波洁浩海涛清源澜然燕玉玲珂珊琪瑞瑶璐益真睿石祥秀秋立竹红纯"
    "维美群翔良芳若英荣莉菲萍蓉蕾虹诗诚谦超越跃轩远逸达道邦郁采金铭锋锦阳雅雨雪霖青静韵顺颖风飞馨骏鹏麦"
)


class Names:
    """Draws names without repeating a place."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._used: set[str] = set()

    def place(self) -> str:
        """Two characters of landscape, crops and good wishes."""
        return self._unused(tuple(_PLACE_FIRST), tuple(_PLACE_SECOND))

    def steppe_place(self) -> str:
        """A name of the kind that Mongolian-speaking areas have."""
        return self._unused(_STEPPE_FIRST, _STEPPE_SECOND)

    def person(self) -> str:
        """A surname and one or two characters; people may share a name."""
        given = self._random.choice(_GIVEN) + (self._random.choice(_GIVEN) if self._random.random() < 0.8 else "")
        return self._random.choice(_SURNAMES) + given

    def _unused(self, first: tuple[str, ...], second: tuple[str, ...]) -> str:
        while True:
            start, end = self._random.choice(first), self._random.choice(second)
            if start != end and start + end not in self._used:
                self._used.add(start + end)
                return start + end
