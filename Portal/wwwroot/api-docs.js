// The page of the API's document. Nothing is asked of anybody else: no fonts, no proxy, no telemetry.
Scalar.createApiReference('#app', {
    url: '/api/v1/openapi.json',
    withDefaultFonts: false,
    telemetry: false,
    hideClientButton: true,
    showDeveloperTools: 'never',
    agent: { disabled: true },
    mcp: { disabled: true },
    persistAuth: false,
    defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
});
