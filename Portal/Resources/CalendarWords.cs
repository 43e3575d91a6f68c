namespace Portal.Resources;

/// <summary>Names the words of calendar files, and of the card that gives their address.</summary>
public sealed class CalendarWords;
