import type { account as english } from '../messages.en/account.ts'

/** The account page. */
export const account = {
  title: '我的帳號',
  aboutTitle: '個人資料',
  name: '姓名',
  username: '使用者名稱',
  roles: '角色',
  roleNames: { clinician: '醫事人員', patient: '病人', admin: '系統管理員' },
  identity: '應用程式辨識您的身分為',
  records: '您的病歷',
  noRecords: '此帳號未連結任何病歷。',
  languageTitle: '語言',
  languageLead: '無論在何處登入，頁面都會使用此語言。',
  languageSaved: '已儲存您的語言設定。',
  sessionTitle: '本次登入',
  signedInAt: '登入時間',
  endsAt: '最晚結束時間',
  idleAfter: '閒置多久後結束',
  minutes: (count: number) => `${count} 分鐘`,
  appsLead: '查看哪些應用程式可以讀取您的資料，並可隨時取消授權。',
} satisfies typeof english
