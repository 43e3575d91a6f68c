using Portal.Data.Bank;

namespace Portal.Data.FirstDay;

/// <summary>Which column is what, by its name: as people here and elsewhere head their lists.</summary>
internal static class ImportColumns
{
    private const int SearchedRows = 30, Beginning = 64 * 1024;

    /// <summary>Names as <see cref="Spelling.WordKey"/> has them. Those that are said whole come before those that only contain a word, and
    /// the narrower before the wider.</summary>
    private static readonly (ImportField Field, string[] Whole, string[] Containing)[] Names =
    [
        (ImportField.TenantDocument, ["DOCUMENTOARRENDATARIO", "CEDULAARRENDATARIO"], ["DOCUMENTODELARRENDATARIO", "CEDULADELARRENDATARIO",
            "DOCUMENTOINQUILINO", "CEDULAINQUILINO", "DOCUMENTODELINQUILINO", "TENANTDOCUMENT", "TENANTID",
            "CCARRENDATARIO", "CCINQUILINO"]),
        (ImportField.TenantMail, [], ["CORREOARRENDATARIO", "CORREODELARRENDATARIO", "EMAILARRENDATARIO", "MAILARRENDATARIO",
            "CORREOINQUILINO", "EMAILINQUILINO", "CORREODELINQUILINO", "TENANTEMAIL", "TENANTMAIL"]),
        (ImportField.TenantPhone, [], ["TELEFONOARRENDATARIO", "TELEFONODELARRENDATARIO", "CELULARARRENDATARIO", "CELULARDELARRENDATARIO",
            "TELEFONOINQUILINO", "CELULARINQUILINO", "TELEFONODELINQUILINO", "TENANTPHONE", "TENANTMOBILE"]),
        (ImportField.Tenant, ["ARRENDATARIO", "INQUILINO", "TENANT", "RESIDENTE"], ["NOMBREARRENDATARIO", "NOMBREDELARRENDATARIO",
            "NOMBREINQUILINO", "NOMBREDELINQUILINO", "TENANTNAME", "ARRENDATARI", "INQUILIN"]),
        (ImportField.OwnerDocumentKind, ["TIPO", "TIPODOCUMENTO", "TIPODEDOCUMENTO", "TIPODOC", "TIPOID", "DOCUMENTTYPE", "IDTYPE"],
            ["TIPODOCUMENTO", "TIPODEDOCUMENTO", "TIPODOC", "TIPODEIDENTIFICACION", "DOCUMENTTYPE"]),
        (ImportField.OwnerDocument, ["CEDULA", "DOCUMENTO", "IDENTIFICACION", "CC", "NIT", "CCONIT", "CEDULANIT", "DOCUMENT", "IDNUMBER",
            "ID", "NUMERODOCUMENTO", "NUMERODEDOCUMENTO"], ["CEDULA", "DOCUMENTO", "IDENTIFICACION", "DOCUMENT", "NITO", "IDNUMBER"]),
        (ImportField.OwnerMail, ["CORREO", "EMAIL", "MAIL", "CORREOELECTRONICO"], ["CORREO", "EMAIL", "MAIL"]),
        (ImportField.OwnerPhone, ["TELEFONO", "CELULAR", "MOVIL", "PHONE", "MOBILE", "TEL", "CEL"],
            ["TELEFONO", "CELULAR", "MOVIL", "PHONE", "MOBILE", "WHATSAPP"]),
        (ImportField.Days30, ["030", "130", "30", "30DIAS", "A30DIAS", "MORA30"], ["130DIAS", "1A30", "0A30", "030DIAS", "01A30", "DAYS130",
            "HASTA30", "TO30"]),
        (ImportField.Days60, ["3160", "60", "60DIAS", "A60DIAS", "MORA60"], ["31A60", "30A60", "3160", "31TO60"]),
        (ImportField.Days90, ["6190", "90", "90DIAS", "A90DIAS", "MORA90"], ["61A90", "60A90", "6190", "61TO90"]),
        (ImportField.Older, ["91", "MAS90", "MASDE90", "MASDE90DIAS", "MAYOR90", "MAYORA90", "120", "OVER90", "91YMAS", "MAS120", "MAS91"],
            ["MASDE90", "MAYORA90", "MAYORDE90", "91OMAS", "91YMAS", "OVER90", "MAS90", "91MAS", "90DIASYMAS"]),
        (ImportField.NotDue, ["CORRIENTE", "SINVENCER", "PORVENCER", "CURRENT", "NOVENCIDO", "NOTDUE"],
            ["SINVENCER", "PORVENCER", "NOVENCID"]),
        (ImportField.Interest, ["INTERESES", "INTERES", "INTERESESDEMORA", "INTERESMORA", "INTEREST"], ["INTERES", "INTEREST"]),
        (ImportField.DueOn, ["VENCE", "VENCIMIENTO", "FECHAVENCIMIENTO", "FECHADEVENCIMIENTO", "FECHA", "DUE", "DUEON", "DUEDATE"],
            ["VENCIMIENTO", "FECHALIMITE", "DUEDATE", "VENCE"]),
        (ImportField.Reference, ["REFERENCIA", "FACTURA", "CUENTADECOBRO", "REFERENCE", "INVOICE", "NFACTURA"],
            ["FACTURA", "REFERENCIA", "INVOICE"]),
        (ImportField.Concept, ["CONCEPTO", "CONCEPT"], ["CONCEPTO"]),
        (ImportField.Balance, ["SALDO", "DEUDA", "TOTAL", "VALOR", "CARTERA", "BALANCE", "AMOUNT", "TOTALDEUDA", "SALDOTOTAL", "ADEUDA"],
            ["SALDO", "DEUDA", "BALANCE", "CARTERA", "AMOUNT"]),
        (ImportField.Coefficient, ["COEFICIENTE", "COEF", "COEFICIENTEDECOPROPIEDAD", "COEFFICIENT", "SHARE", "PORCENTAJE", "INDICE"],
            ["COEFICIENTE", "COEFFICIENT", "COPROPIEDAD"]),
        (ImportField.Area, ["AREA", "M2", "METROS", "AREAPRIVADA", "AREAM2", "METRAJE", "SIZE"], ["AREA", "METRAJE"]),
        (ImportField.Fee, ["CUOTA", "CUOTAADMINISTRACION", "CUOTADEADMINISTRACION", "ADMINISTRACION", "ADMON", "FEE", "MONTHLYFEE",
            "VALORADMINISTRACION"], ["CUOTA", "ADMINISTRACION", "ADMON", "MONTHLYFEE"]),
        (ImportField.OtherPlate, ["PLACA2", "PLACAMOTO", "MOTO", "OTRAPLACA", "OTHERPLATE", "SEGUNDAPLACA", "PLATE2", "PLACAMOTOCICLETA"],
            ["PLACA2", "PLACAMOTO", "PLACADEMOTO", "PLACADELAMOTO", "OTRAPLACA", "MOTO"]),
        (ImportField.Plate, ["PLACA", "PLACAS", "PLATE", "PLACA1", "PLACACARRO", "LICENSEPLATE"], ["PLACA", "PLATE"]),
        (ImportField.VehicleKind, ["VEHICULO", "TIPOVEHICULO", "TIPODEVEHICULO", "CLASE", "VEHICLE", "VEHICLETYPE"],
            ["VEHICULO", "VEHICLE"]),
        (ImportField.Space, ["PARQUEADERO", "PARQUEADEROS", "GARAJE", "CUPO", "SPACE", "PARKING", "PARKINGSPACE"], ["PARQUEADERO", "GARAJE",
            "PARKING"]),
        (ImportField.Tower, ["TORRE", "BLOQUE", "INTERIOR", "EDIFICIO", "ETAPA", "MANZANA", "TOWER", "BLOCK", "BUILDING", "TR", "BL"],
            ["TORRE", "BLOQUE", "TOWER", "MANZANA"]),
        (ImportField.Floor, ["PISO", "NIVEL", "FLOOR"], ["PISO", "FLOOR"]),
        (ImportField.Number, ["APARTAMENTO", "APTO", "APT", "APTOS", "APARTAMENTOS", "NUMERO", "UNIDAD", "INMUEBLE", "CASA",
            "APARTMENT", "UNIT", "NUMBER", "NO", "NRO", "N", "UNITNUMBER", "NAPTO", "NOAPTO"],
            ["APARTAMENTO", "APTO", "INMUEBLE", "UNIDAD", "APARTMENT", "UNIT", "CASA"]),
        (ImportField.Owner, ["PROPIETARIO", "DUENO", "NOMBRE", "NOMBRES", "TITULAR", "OWNER", "NAME", "NOMBRECOMPLETO", "NOMBREYAPELLIDO",
            "NOMBRESYAPELLIDOS", "COPROPIETARIO"], ["PROPIETARIO", "NOMBRE", "OWNER", "DUENO"]),
    ];

    /// <summary>How the file is most likely written; null where no row names a unit's column.</summary>
    public static ImportFormat? Guess(byte[] content, int mostRows, int decimals)
    {
        var encoding = SheetFile.IsUtf8(content) ? BankFormat.Utf8 : BankFormat.Windows;
        // The head is looked for in the beginning; a workbook has no separators.
        var isWorkbook = content is [0x50, 0x4B, ..];
        if (!isWorkbook && content.Length > Beginning)
            content = content[..(Array.LastIndexOf(content, (byte)'\n', Beginning - 1) is > 0 and var end ? end : Beginning)];
        return (isWorkbook ? [';'] : BankFormat.Separators)
            .Select(separator => Guess(SheetFile.Cells(content, separator, encoding, mostRows, decimals), separator, encoding))
            .Where(found => found.Format is not null)
            .MaxBy(found => found.Known).Format;
    }

    private static (ImportFormat? Format, int Known) Guess(List<(int Row, string[] Cells)> rows, char separator, string encoding)
    {
        (ImportFormat? Format, int Known) best = (null, 0);
        for (var row = 0; row < Math.Min(rows.Count, SearchedRows); row++)
        {
            var fields = Match(rows[row].Cells);
            var known = fields.Count(f => f is not null);
            if (known <= best.Known || known < 2 || !fields.Contains(ImportField.Number)) continue;
            best = (new ImportFormat(separator, encoding, row + 1, fields), known);
        }

        return best;
    }

    /// <summary>Each column one field, each field one column.</summary>
    internal static IReadOnlyList<ImportField?> Match(IReadOnlyList<string> heads)
    {
        // ">90" and "+90" are more than ninety, "90" is up to it.
        var keys = heads.Take(SheetFile.MostColumns)
            .Select(h => (h.AsSpan().TrimStart() is ['>' or '+', ..] ? "MAS" : "") + Spelling.WordKey(h)).ToList();
        var fields = new ImportField?[keys.Count];
        var taken = new HashSet<ImportField>();
        foreach (var whole in new[] { true, false })
        {
            foreach (var (field, exact, containing) in Names)
            {
                if (taken.Contains(field)) continue;
                for (var i = 0; i < keys.Count; i++)
                {
                    if (fields[i] is not null || keys[i].Length == 0) continue;
                    var key = keys[i];
                    if (whole ? !exact.Contains(key) : !containing.Any(word => key.Contains(word, StringComparison.Ordinal))) continue;
                    fields[i] = field;
                    taken.Add(field);
                    break;
                }
            }
        }

        // A list of vehicles says what kind each is, not what kind of document.
        if (taken.Contains(ImportField.Plate) && !taken.Contains(ImportField.OwnerDocument) && !taken.Contains(ImportField.VehicleKind)
            && Array.IndexOf(fields, ImportField.OwnerDocumentKind) is >= 0 and var kind)
            fields[kind] = ImportField.VehicleKind;
        return fields;
    }
}
