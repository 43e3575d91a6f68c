namespace Portal.Resources;

/// <summary>Names the words of people, their accounts and one's own page.</summary>
public sealed class PeopleWords;
