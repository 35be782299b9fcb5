import type { access as english } from '../messages.en/access.ts'

/** The page that tells a patient who looked at their record. */
export const access = {
  title: '病歷存取紀錄',
  lead: '誰看過這份病歷、做了什麼，都會留下紀錄，被拒絕的嘗試也不例外。最新的列在最前面。',
  none: '這份病歷目前沒有存取紀錄。',
  you: '您本人',
  nobody: '程式自動執行（無操作人員）',
  here: '在本網站',
  through: (app: string) => `使用應用程式「${app}」`,
  times: (count: number) => `一小時內 ${count} 次`,
  data: '病歷資料',
  trail: '存取紀錄',
  deeds: {
    looked: (what: string) => `查看${what}`,
    added: (what: string) => `新增${what}`,
    changed: (what: string) => `變更${what}`,
    removed: (what: string) => `刪除${what}`,
    launched: () => '以這份病歷開啟應用程式',
    allowed: () => '允許應用程式查看這份病歷',
    emergency: () => '因緊急狀況開啟限閱內容',
    other: () => '使用這份病歷',
  },
  emergency: '緊急',
  outcomes: { refused: '已拒絕', failed: '未完成' },
  older: '較早的紀錄',
  back: '回到病歷',
  link: '查看病歷存取紀錄',
  accountLead: '查看誰在何時、用哪個應用程式看過您的病歷。',
} satisfies typeof english
