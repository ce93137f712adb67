/** Every page by its path below docs/. */
export function renderErrorPages(): Promise<Map<string, string>>
