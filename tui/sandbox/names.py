"""First and last names that go together: sixteen origins, twenty-four of each; no last name occurs twice."""

import unicodedata

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

# What Unicode does not take apart into a letter and a mark.
_UNDIVIDED = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "đ": "d", "ı": "i", "æ": "ae", "'": None})


def mail_form(name: str) -> str:
    """Return a name as it stands in a mail address: small ASCII letters and hyphens."""
    letters = unicodedata.normalize("NFKD", name.lower()).translate(_UNDIVIDED)
    return letters.encode("ascii", "ignore").decode()


def pairs() -> list[tuple[str, str]]:
    """Return every (full name, mail form) once, in a fixed order."""
    origins = (origin.split("/") for origin in _ORIGINS.split("\n\n"))
    return [
        (f"{first} {last}", f"{mail_form(first)}.{mail_form(last)}")
        for firsts, lasts in origins
        for first in firsts.split()
        for last in lasts.split()
    ]
