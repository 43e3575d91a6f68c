namespace Portal.Resources;

/// <summary>Words of surveys, their answers and results.</summary>
public sealed class SurveyWords;
