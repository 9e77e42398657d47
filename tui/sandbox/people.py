"""Users of the sandbox, each computed on demand from a seed and a number, none stored."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain

import msgspec

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


def draw(seed: int, place: int) -> int:
    """Return 64 pseudo-random bits that depend only on the arguments (splitmix64)."""
    bits = (seed * _GOLDEN ^ place) + _GOLDEN & _MASK
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EB & _MASK
    return bits ^ bits >> 31


def falls(seed: int, place: int, share: float) -> bool:
    """Return whether this place is among the given share (0 to 1) of all places."""
    return draw(seed, place) < share * (_MASK + 1)


ROLES = ("Admin", "Risk Manager", "Auditor", "Monitor", "User")
FUNCTIONS = (
    "Vendor Risk",
    "Model Governance",
    "Incident Response",
    "Privacy",
    "Internal Audit",
    "Data Science",
    "Clinical Safety",
    "Works Council",
)
REGIONS = ("EMEA", "Americas", "APAC")
DEPARTMENTS = (
    "Procurement",
    "Legal",
    "Compliance",
    "Information Security",
    "Research",
    "Finance",
    "Human Resources",
    "Customer Care",
    "Claims",
    "Underwriting",
    "Operations",
    "Data Platform",
    "Product",
    "Marketing",
    "Internal Audit",
    "Executive Office",
)

# Fixed, so that the same seed gives the same list on any day.
LAST_SEEN_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
# Formatted once: formatting a date for each user would take longer than everything else.
_DAYS_SEEN = tuple((LAST_SEEN_BEFORE - timedelta(days=day)).strftime("%Y-%m-%d") for day in range(1, 401))

# Roles of 64 users. The first few cover every role, and can all sign in.
_ROLE_OF_64 = ("Admin",) * 3 + ("Risk Manager",) * 8 + ("Auditor",) * 5 + ("Monitor",) * 5 + ("User",) * 43
_FIRST_ROLES = ("Admin", "User", "Auditor", "Risk Manager", "Monitor", "User", "User", "Admin")
_ID_DIGITS = 6
_LIKELY_USER = 127


class Person(msgspec.Struct, frozen=True, rename="camel"):
    """A user as in the user list; `last_active` is UTC, ISO 8601."""

    id: str
    name: str
    email: str
    role: str
    groups: tuple[str, ...]
    department: str
    last_active: str
    status: str

    @property
    def is_suspended(self) -> bool:
        """Whether the user is suspended, so that acting as them fails."""
        return self.status == "suspended"


class People:
    """The first `count` users of a seed; user n is the same in a list of any length."""

    def __init__(self, count: int, seed: int) -> None:
        self._count = count
        self._seed = seed
        self._names = _names(seed)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Person:
        """Return user number `index`, counted from 0; raise IndexError beyond the last."""
        if not 0 <= index < self._count:
            raise IndexError(index)
        namesakes, place = divmod(index, len(self._names))
        name, mail = self._names[place]
        chance = draw(self._seed, index)
        return Person(
            id=id_of(index),
            name=name,
            email=f"{mail}{namesakes + 1 if namesakes else ''}@meridian.example",
            role=_FIRST_ROLES[index] if index < len(_FIRST_ROLES) else _ROLE_OF_64[chance & 63],
            groups=_groups(chance >> 6),
            department=DEPARTMENTS[chance >> 16 & 15],
            last_active=_last_active(chance >> 20),
            status="suspended" if chance >> 59 == 0 and index >= len(_FIRST_ROLES) else "active",
        )

    def __iter__(self) -> Iterator[Person]:
        return (self[index] for index in range(self._count))

    def index(self, user_id: str) -> int | None:
        """Return the number of the user with this id, None if it is unknown."""
        if not re.fullmatch(rf"u-[0-9]{{{_ID_DIGITS}}}", user_id):
            return None
        index = int(user_id[2:])
        return index if index < self._count else None

    def likely_user(self) -> Person:
        """Return an active Admin, if possible not the first user."""
        numbers = range(self._count)
        start = _LIKELY_USER % self._count
        candidates = (self[index] for index in chain(numbers[start:], numbers[:start]))
        return next(person for person in candidates if person.role == "Admin" and not person.is_suspended)


def id_of(index: int) -> str:
    """Return the id of user number `index`."""
    return f"u-{index:0{_ID_DIGITS}}"


@lru_cache(maxsize=4)
def _names(seed: int) -> list[tuple[str, str]]:
    named = pairs()
    return [named[n] for n in sorted(range(len(named)), key=lambda n: draw(seed, -n - 1))]


def _groups(chance: int) -> tuple[str, ...]:
    first, second, region = chance & 7, chance >> 3 & 7, REGIONS[(chance >> 6) % len(REGIONS)]
    if second & 1 or second == first:
        return (FUNCTIONS[first], region)
    return (FUNCTIONS[first], FUNCTIONS[second], region)


def _last_active(chance: int) -> str:
    clock = chance // len(_DAYS_SEEN)
    return f"{_DAYS_SEEN[chance % len(_DAYS_SEEN)]}T{clock % 24:02}:{clock // 24 % 60:02}:{clock // 1440 % 60:02}Z"


# First names, a slash, last names; an empty line before the next origin.
_ORIGINS = """
Grace Alan Margaret Edward Katherine James Eleanor Thomas Alice Henry Ruth Oliver Florence George Beatrice
Arthur Charlotte Samuel Harriet Walter Daisy Edmund Rosalind Frank
/
Hopper Turing Hamilton Ashworth Johnson Whitfield Perlman Bradshaw Lovell Carver Thornton Ellery Fairfax
Goodwin Holloway Kingsley Lockwood Marsh Norwood Pemberton Radcliffe Sheffield Tennant Wakefield

Aoife Cian Niamh Oisín Siobhán Fergal Róisín Declan Gráinne Eoin Ciara Padraig Maeve Ronan Sinéad Conor
Deirdre Tadhg Orla Cormac Bríd Diarmuid Nuala Fionn
/
O'Brien Murphy Byrne O'Sullivan Kavanagh Doyle Gallagher Nolan Dálaigh Quinn Brennan Fitzgerald Keane
MacNamara Hennessy Moriarty Tierney Roche Lynch Cassidy McGrath Flanagan Daly Rafferty

Anneliese Jürgen Käthe Matthias Ulrike Günther Heike Stefan Sabine Jörg Liesel Dietmar Renate Björn Ingrid
Wolfgang Sieglinde Lukas Friederike Niklas Hannelore Torsten Gesine Rüdiger
/
Müller Schäfer Groß Weiß Hoffmann Köhler Böhm Vogel Lindner Zimmermann Brückner Kaufmann Schröder Winkler
Hartmann Dürr Engelhardt Fuchs Grünwald Jäger Kühn Lehmann Neumann Oßwald

Amélie Benoît Chloé Étienne Françoise Gaël Hélène Jérôme Léa Mathieu Noémie Océane Pascal Romane Sébastien
Thérèse Valérie Yannick Zoé Armand Colette Désiré Édith Fabien
/
Dubois Lefèvre Moreau Garnier Chevalier Beaumont Rousseau Delacroix Fontaine Girard Lambert Mercier Noël
Perrin Renaud Saint-Clair Tessier Vasseur Aubert Blanchard Charpentier Durand Fournier Gauthier

Alejandra Íñigo Begoña Carlos Dolores Esteban Fátima Gonzalo Inés Joaquín Lucía Martín Núria Óscar Pilar
Rafael Soledad Tomás Ximena Álvaro Belén Cristóbal Elvira Ignacio
/
García Muñoz Ibáñez Fernández Domínguez Velázquez Ortega Castillo Núñez Peña Rodríguez Zapata Aguirre
Bermúdez Cárdenas Delgado Escobar Fuentes Guzmán Herrera Jiménez Lozano Márquez Quiñones

Conceição João Luísa Tiago Beatriz Gonçalo Inês Rúben Mariana Vítor Antónia Caetano Leonor Nuno Graça
Henrique Filipa Duarte Catarina Afonso Benedita Rui Teresa Sérgio
/
Silva Araújo Gonçalves Conceição-Reis Magalhães Nóbrega Oliveira Pereira Queirós Ribeiro Simões Teixeira
Vasconcelos Xavier Azevedo Barbosa Cardoso Figueiredo Guimarães Leitão Monteiro Pacheco Rocha Tavares

Małgorzata Łukasz Agnieszka Wojciech Żaneta Bogdan Zofia Mieczysław Kinga Paweł Jadwiga Stanisław Bożena
Grzegorz Halina Kazimierz Wiesława Zbigniew Danuta Radosław Iwona Tadeusz Elżbieta Maciej
/
Kowalczyk Wiśniewska Zieliński Dąbrowska Wójcik Kamińska Lewandowski Szymańska Woźniak Kozłowski Jankowska
Mazur Krawczyk Piotrowski Grabowska Nowakowski Pawłowska Michalski Adamczyk Dudek Zając Wieczorek Jabłoński
Król

Åsa Björn-Erik Solveig Håkon Maja Søren Ingeborg Leif Astrid Jørgen Freja Gunnar Linnéa Mads Ragnhild Nils
Sigrid Øyvind Tove Rasmus Ylva Torbjörn Signe Viggo
/
Lindström Sørensen Ødegård Bergqvist Nygaard Håkansson Kristiansen Sjöberg Dahl Ekström Fjeldstad Grönlund
Halvorsen Isaksson Jönsson Kjærgaard Lund Mølgaard Norén Östberg Rasmussen Strand Thorvaldsen Wåhlin

Aikaterini Dimitrios Eleni Georgios Ioanna Konstantinos Maria-Anna Nikolaos Panagiota Stavros Theodora
Vasilis Zoi Alexandros Chrysoula Evangelos Foteini Iraklis Kalliopi Leonidas Myrto Orestis Despina Spyros
/
Papadopoulos Karagiannis Nikolaidis Oikonomou Georgiou Vlachos Makris Antoniou Christodoulou Diamantis
Economides Fotiadis Hatzis Ioannidis Kalogeropoulos Lambrakis Mavros Notaras Pappas Rallis Samaras
Theodorakis Xenakis Zervas

Ayşe Çağlar Defne Emre Gülşen Hakan İrem Kaan Leyla Murat Nazlı Oğuz Pınar Rüzgar Şebnem Tuğba Umut Yiğit
Zeynep Barış Ceren Doğan Elif Ferhat
/
Yılmaz Öztürk Şahin Çelik Aydın Kılıç Doğru Arslan Kurt Özkan Polat Güneş Koç Erdoğdu Bozkurt Taş Yavuz Ünal
Karaca Işık Tekin Duman Sezer Uçar

Aarav Bhavna Chandran Deepika Eshwar Farida Gauri Harish Indira Jayant Kavya Lakshmi Mohan Nandini Omkar
Priya Rajesh Savitri Tarun Uma Vikram Yamini Anjali Suresh
/
Ramanujan Chatterjee Deshpande Iyer Banerjee Krishnamurthy Patel Sharma Mukherjee Venkataraman Gupta Nair
Reddy Kulkarni Joshi Bose Agarwal Menon Pillai Rao Saxena Trivedi Bhattacharya Chaudhary

Akiko Daichi Emi Fumio Haruka Isamu Junko Kenji Mariko Naoki Reiko Satoshi Tomoko Yasuhiro Yumi Hiroshi
Keiko Makoto Noriko Ryota Sakura Takeshi Aya Kazuo
/
Tanaka Watanabe Nakamura Kobayashi Yamaguchi Shimizu Hayashi Inoue Fujiwara Okamoto Matsuda Ishikawa Ogawa
Hasegawa Murakami Kondo Endo Aoki Sakamoto Nishimura Fukuda Ota Miura Arai

Jing Wei Xiuying Haoran Lihua Minghui Yan Zhihao Meilin Guowei Ruoxi Jianguo Shuang Tianyu Qiaoling Bolin
Fang Chenxi Dongmei Yichen Peizhi Hong Lan Zixuan
/
Zhang Huang Zhou Xu Zhao Sun Zhu Guo Luo Zheng Liang Xie Tang Deng Feng Peng Zeng Xiao Tian Dong Pan Yuan
Jiang Cai

Linh Minh Thảo Quân Ngọc Đức Hạnh Phúc Trang Việt Hương Long Mai Khánh Yến Tuấn Loan Bảo Diễm Hải Kiều Nhân
Oanh Sơn
/
Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Lương Mạc Cao Thái Tạ Tô Vương
Quách

Chinwe Babatunde Adaeze Oluwaseun Ngozi Emeka Folasade Kwame Amina Ifeanyi Yetunde Chukwudi Abena Tendai
Zainab Kofi Nneka Obinna Thandiwe Sipho Makena Jabari Wanjiru Baraka
/
Okafor Adeyemi Nwosu Mensah Abubakar Balogun Chikezie Danjuma Eze Fashola Igwe Kamau Lawal Mbeki Ndlovu
Odhiambo Owusu Salami Tshabalala Uzoma Wekesa Yusuf Zuma Achebe

Layla Omar Noor Karim Yasmin Hassan Rania Tariq Salma Faisal Dalia Ibrahim Hanan Khalil Maryam Nabil Samira
Rashid Zahra Bilal Amal Jamal Farah Idris
/
Haddad Khoury Mansour Nasser Farouk Saleh Qasim Barakat Darwish El-Amin Fakhoury Ghanem Hijazi Jaber Kassem
Maalouf Najjar Othman Rahmani Sabbagh Taleb Wahbi Younes Zaki
"""

# Letters that Unicode does not decompose into a base letter and a mark.
_UNDIVIDED = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "đ": "d", "ı": "i", "æ": "ae", "'": None})


def mail_form(name: str) -> str:
    """Return a name as part of a mail address: lower-case ASCII letters and hyphens."""
    letters = unicodedata.normalize("NFKD", name.lower()).translate(_UNDIVIDED)
    return letters.encode("ascii", "ignore").decode()


def pairs() -> list[tuple[str, str]]:
    """Return each pair (full name, mail form) once, in a fixed order."""
    origins = (origin.split("/") for origin in _ORIGINS.split("\n\n"))
    return [
        (f"{first} {last}", f"{mail_form(first)}.{mail_form(last)}")
        for firsts, lasts in origins
        for first in firsts.split()
        for last in lasts.split()
    ]
