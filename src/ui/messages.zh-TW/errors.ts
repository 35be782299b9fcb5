import type { errors as english } from '../messages.en/errors.ts'

/** Pages that tell of a failure. */
export const errors = {
  titles: {
    400: '無法理解此請求',
    401: '請先登入',
    403: '您沒有權限執行此操作',
    404: '找不到此頁面',
    405: '此網址不支援這種操作',
    409: '與現有內容衝突',
    410: '此頁面已不存在',
    413: '送出的內容過大',
    429: '請求次數過多',
    500: '系統發生問題',
    503: '系統忙碌中',
  } as Record<number, string>,
  otherTitle: '操作未完成',
  hints: {
    400: '帶您來到這裡的連結或表單不完整、有誤或已過期，請返回上一頁再試一次。若是由應用程式帶您前來，請將下方的詳細說明告知其開發者。',
    401: '您的登入可能已逾時。',
    403: '您的帳號沒有此權限，或頁面已逾時。',
    404: '請確認網址，或從首頁重新開始。',
    429: '請稍候再試。',
    500: '這不是您的問題。若再次發生，請將下方查詢編號告知資訊人員。',
    503: '請稍候再試。',
  } as Record<number, string>,
  otherHint: '請返回上一頁再試一次。',
  detail: '詳細說明',
  reference: '查詢編號',
  home: '回到首頁',
} satisfies typeof english
