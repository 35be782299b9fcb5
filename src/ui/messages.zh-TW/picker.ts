import type { picker as english } from '../messages.en/picker.ts'

/** 選擇病人與就醫紀錄。 */
export const picker = {
  patientTitle: '選擇病人',
  patientLead: (app) => `「${app}」一次處理一位病人。請選擇是哪一位。`,
  ownTitle: '選擇健康紀錄',
  ownLead: (app) => `「${app}」一次處理一份紀錄。請選擇您自己的，或您照顧的人的紀錄。`,
  search: '姓名、病歷號或出生日期',
  searchButton: '搜尋',
  recent: '最近更新',
  found: (count) => `找到 ${count} 位病人`,
  nobodyFound: '找不到病人。請換個姓名或號碼再試。',
  nobodyRecent: '請以姓名、病歷號或出生日期搜尋病人。',
  nobodyOwn: '您的帳號尚未連結任何健康紀錄。請洽提供帳號的機構。',
  born: (date) => `${date} 出生`,
  genders: { male: '男', female: '女', other: '其他', unknown: '性別不明' },
  self: '您本人',
  dependant: '您照顧的人',
  encounterTitle: '選擇就醫紀錄',
  encounterLead: (app, patient) => `「${app}」想知道這是 ${patient} 的哪一次就醫。`,
  encounterCurrent: '進行中',
  withoutEncounter: '不選擇就醫紀錄，繼續',
  cancel: '取消並回到應用程式',
} satisfies typeof english
