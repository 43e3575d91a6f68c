namespace Portal.Resources;

/// <summary>Words of the API: keys, webhooks, and its refusals.</summary>
public sealed class ApiWords;
