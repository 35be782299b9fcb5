import type { release as english } from '../messages.en/release.ts'

export const release: typeof english = {
  title: '尚未開放給病人',
  explanation: '在開單者開放之前，病人看不到這些結果。',
  button: '開放給病人',
  orderedBy: (name: string) => `等候 ${name} 開放`,
  ordererUnknown: '未記錄開單者',
  results: (count: number) => `${count} 筆結果`,
  refused: '未開放任何結果',
  reasons: {
    forged: '表單已過期或來自其他網站。請返回、重新整理頁面後再試一次。',
    absent: '這份病歷沒有這項結果，或該結果並未等候開放。',
    'not-yours': '只有開單者可以開放結果。',
    changed: '該結果已被更改，或您無權更改；在此之前已開放的結果維持開放。請重新整理病歷後再試一次。',
  },
  back: '回到檢驗結果',
}
