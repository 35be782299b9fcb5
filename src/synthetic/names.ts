import type { Random } from './random.ts'

/** A given name, romanised, and in its own script where the bearer writes one. */
export interface GivenName {
  readonly latin: string
  readonly script?: string
}

/** Where a household's names come from. */
export interface Naming {
  readonly families: readonly (readonly [latin: string, script?: string])[]
  readonly female: readonly (readonly [latin: string, script?: string])[]
  readonly male: readonly (readonly [latin: string, script?: string])[]
  readonly language: readonly [code: string, display: string]
}

const TAIWAN: Naming = {
  families: [
    ['Chen', '陳'],
    ['Lin', '林'],
    ['Huang', '黃'],
    ['Chang', '張'],
    ['Lee', '李'],
    ['Wang', '王'],
    ['Wu', '吳'],
    ['Liu', '劉'],
    ['Tsai', '蔡'],
    ['Yang', '楊'],
    ['Hsu', '許'],
    ['Cheng', '鄭'],
    ['Hsieh', '謝'],
    ['Kuo', '郭'],
    ['Hung', '洪'],
    ['Tseng', '曾'],
    ['Chiu', '邱'],
    ['Liao', '廖'],
    ['Lai', '賴'],
    ['Chou', '周'],
    ['Yeh', '葉'],
    ['Su', '蘇'],
  ],
  female: [
    ['Shu-Fen', '淑芬'],
    ['Mei-Ling', '美玲'],
    ['Ya-Ting', '雅婷'],
    ['Yi-Chun', '怡君'],
    ['Hsin-Yi', '欣怡'],
    ['Chia-Hui', '佳慧'],
    ['Pei-Shan', '佩珊'],
    ['Li-Hua', '麗華'],
    ['Yu-Han', '語涵'],
    ['Pin-Yan', '品妍'],
    ['Yung-Ching', '詠晴'],
    ['Tzu-Han', '子涵'],
    ['Hui-Chen', '惠真'],
    ['Wan-Ju', '婉如'],
    ['Jou-An', '柔安'],
  ],
  male: [
    ['Chih-Ming', '志明'],
    ['Chun-Chieh', '俊傑'],
    ['Chien-Hung', '建宏'],
    ['Chia-Hao', '家豪'],
    ['Yu-Hsiang', '宇翔'],
    ['Cheng-En', '承恩'],
    ['Po-Han', '柏翰'],
    ['Kuan-Ting', '冠廷'],
    ['Wen-Hsiung', '文雄'],
    ['Tzu-Hsuan', '子軒'],
    ['Ping-Jui', '秉叡'],
    ['Yen-Ting', '彥廷'],
    ['Chin-Lung', '金龍'],
    ['Ming-Che', '明哲'],
    ['Hao-Yu', '浩宇'],
  ],
  language: ['zh-TW', 'Chinese (Taiwan)'],
}

const ENGLISH: Naming = {
  families: [
    ['Whitaker'],
    ['Delacroix'],
    ['Okonkwo'],
    ['Sullivan'],
    ['Brennan'],
    ['Hargrove'],
    ['Novak'],
    ['Petersen'],
    ['Marsh'],
    ['Abernathy'],
    ['Castellano'],
    ['Fitzgerald'],
    ['Mbeki'],
    ['Lindqvist'],
    ['Rourke'],
    ['Thatcher'],
    ['Vandermeer'],
    ['O’Hara'],
  ],
  female: [
    ['Eleanor'],
    ['Grace'],
    ['Abigail'],
    ['Naomi'],
    ['Ruth'],
    ['Hannah'],
    ['Imani'],
    ['Claire'],
    ['Josephine'],
    ['Matilda'],
    ['Beatrice'],
    ['Ivy'],
    ['Zoë'],
    ['Margaret'],
    ['Adaeze'],
  ],
  male: [
    ['Theodore'],
    ['Samuel'],
    ['Isaac'],
    ['Henry'],
    ['Marcus'],
    ['Julian'],
    ['Owen'],
    ['Elias'],
    ['Walter'],
    ['Chidi'],
    ['August'],
    ['Leo'],
    ['Patrick'],
    ['Russell'],
    ['Desmond'],
  ],
  language: ['en', 'English'],
}

const SPANISH: Naming = {
  families: [
    ['Herrera'],
    ['Muñoz'],
    ['Castillo'],
    ['Ibarra'],
    ['Peña'],
    ['Villanueva'],
    ['Salazar'],
    ['Quiñones'],
    ['Rivas'],
    ['Cordero'],
  ],
  female: [
    ['Lucía'],
    ['Valeria'],
    ['Camila'],
    ['Inés'],
    ['Paloma'],
    ['Marisol'],
    ['Ximena'],
    ['Rosario'],
    ['Jimena'],
    ['Elena'],
  ],
  male: [
    ['Rafael'],
    ['Andrés'],
    ['Joaquín'],
    ['Tomás'],
    ['Emilio'],
    ['Ignacio'],
    ['Mateo'],
    ['Julio'],
    ['Nicolás'],
    ['Esteban'],
  ],
  language: ['es', 'Spanish'],
}

const VIETNAMESE: Naming = {
  families: [['Nguyễn'], ['Trần'], ['Phạm'], ['Vũ'], ['Đặng'], ['Bùi']],
  female: [['Thị Lan'], ['Thu Hà'], ['Ngọc Mai'], ['Bích Ngọc'], ['Thanh Thảo'], ['Minh Anh']],
  male: [['Văn Hùng'], ['Quốc Bảo'], ['Minh Đức'], ['Tuấn Anh'], ['Hoàng Nam'], ['Gia Huy']],
  language: ['vi', 'Vietnamese'],
}

/** Where a household's names come from, by how often the clinic meets them. */
export function pickNaming(random: Random): Naming {
  const at = random.next()
  if (at < 0.55) return TAIWAN
  if (at < 0.8) return ENGLISH
  return at < 0.92 ? SPANISH : VIETNAMESE
}

/** A given name that nobody in the household bears yet, where there are enough of them. */
export function pickGiven(random: Random, list: Naming['female'], taken: ReadonlySet<string>) {
  const free = list.filter(([latin]) => !taken.has(latin))
  return random.pick(free.length > 0 ? free : list)
}
