namespace Portal.Resources;

/// <summary>Names the words of signing in and of accounts, with the refusals of <c>Portal.Data.Identity</c>.</summary>
public sealed class AccountWords;
