/** The forms of a report. */
export const REPORT_FORMATS = ['text', 'md', 'html', 'json', 'issue', 'post', 'chat'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
