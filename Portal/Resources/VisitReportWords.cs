namespace Portal.Resources;

/// <summary>Words of the reports on visits, on the page and in files.</summary>
public sealed class VisitReportWords;
