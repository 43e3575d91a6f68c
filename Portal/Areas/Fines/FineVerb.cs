namespace Portal.Areas.Fines;

/// <summary>What somebody does with a fine on its page.</summary>
public enum FineVerb { Hear, Unheard, Decide, Absolve, Notify, Challenge, Stands, Falls, Charge, Drop, Annul }
