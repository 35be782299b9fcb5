import type { access as english } from '../messages.en/access.ts'

/** The page that tells a patient who looked at their record. */
export const access = {
  title: '誰看過這份紀錄',
  lead: '每一次查看與變更都會留下紀錄，被拒絕的嘗試也不例外。最新的列在最前面。',
  none: '目前沒有關於這份紀錄的存取紀錄。',
  you: '您本人',
  nobody: '程式自動執行，非由人員操作',
  here: '在本網站',
  through: (app: string) => `使用應用程式「${app}」`,
  times: (count: number) => `一小時內 ${count} 次`,
  data: '紀錄中的資料',
  trail: '存取紀錄',
  deeds: {
    looked: (what: string) => `查看${what}`,
    added: (what: string) => `新增${what}`,
    changed: (what: string) => `變更${what}`,
    removed: (what: string) => `刪除${what}`,
    launched: () => '在這份紀錄上開啟應用程式',
    allowed: () => '允許應用程式查看這份紀錄',
    emergency: () => '因緊急情況開啟受限制的內容',
    other: () => '使用這份紀錄',
  },
  emergency: '緊急',
  outcomes: { refused: '已拒絕', failed: '未完成' },
  older: '較早的紀錄',
  back: '回到健康紀錄',
  link: '誰看過這份紀錄',
  accountLead: '查看誰在何時、用哪個應用程式看過您的紀錄。',
} satisfies typeof english
