namespace Portal.Resources;

/// <summary>Words of courses: participants, attendance, marks.</summary>
public sealed class ProgrammeWords;
