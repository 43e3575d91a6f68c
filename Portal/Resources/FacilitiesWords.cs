namespace Portal.Resources;

/// <summary>Names the words of facilities and bookings.</summary>
public sealed class FacilitiesWords;
