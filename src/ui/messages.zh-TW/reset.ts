import type { reset as english } from '../messages.en/reset.ts'

/** A forgotten password. */
export const reset = {
  title: '忘記密碼',
  lead: '請輸入使用者名稱或電子郵件。若系統中有您的電子郵件，我們會寄出重設連結。',
  name: '使用者名稱或電子郵件',
  submit: '寄送連結',
  missing: '請輸入使用者名稱或電子郵件。',
  sent: '若此帳號存在且系統中有其電子郵件，信件即將寄達。連結於 30 分鐘內有效。',
  off: '本系統不寄送電子郵件。請向系統管理員申請新密碼。',
  newTitle: '設定新密碼',
  newLead: (username: string) => `請為「${username}」設定新密碼。所有裝置上的登入都會結束。`,
  newSubmit: '設定密碼',
  gone: '此連結無效或已失效。',
  again: '重新申請連結',
} satisfies typeof english
