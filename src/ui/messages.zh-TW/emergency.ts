import type { emergency as english } from '../messages.en/emergency.ts'

export const emergency: typeof english = {
  title: '限閱資訊',
  general: '依政策，某些資訊不對部分使用者顯示。每份病歷都有這段說明，並不表示這份病歷含有此類資訊。',
  how: (minutes: number) =>
    `遇緊急狀況時可啟用緊急存取：${minutes} 分鐘內，您與您開啟的應用程式可看到政策在緊急時允許的內容。此舉連同理由會留下紀錄、列於病歷中，並接受審查。`,
  reason: '理由',
  reasonHint: '說明此刻照護這位病人為何需要這些資訊；理由會留下紀錄。',
  button: '啟用緊急存取',
  openUntil: (time: string) => `您已對這位病人啟用緊急存取，有效至 ${time}。`,
  listTitle: '本病歷的緊急存取',
  listed: (name: string, from: string, to: string) => `${name}，${from} 至 ${to}`,
  refused: '未啟用緊急存取',
  forged: '表單已過期或來自其他網站。請返回、重新整理頁面後再試一次。',
  noReason: (least: number, most: number) => `請填寫 ${least} 至 ${most} 個字的理由。`,
  notOffered: '依政策，您無法使用緊急存取。',
  back: '回到病歷',
}
