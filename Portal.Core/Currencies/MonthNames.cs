namespace Portal.Core.Currencies;

/// <summary>Twelve short and twelve long names of the months, January first, as Unicode CLDR has them inside a date.</summary>
internal static class MonthNames
{
    public static readonly string[] English = Of("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", "January February March April May June July August September October November December");
    public static readonly string[] Hindi = Of("जन॰ फ़र॰ मार्च अप्रैल मई जून जुल॰ अग॰ सित॰ अक्तू॰ नव॰ दिस॰", "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्तूबर नवंबर दिसंबर");
    public static readonly string[] German = Of("Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember");
    public static readonly string[] French = Of("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre");
    public static readonly string[] Spanish = Of("ene feb mar abr may jun jul ago sept oct nov dic", "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre");
    public static readonly string[] Italian = Of("gen feb mar apr mag giu lug ago set ott nov dic", "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre");
    public static readonly string[] Dutch = Of("jan feb mrt apr mei jun jul aug sep okt nov dec", "januari februari maart april mei juni juli augustus september oktober november december");
    public static readonly string[] Portuguese = Of("jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.", "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro");
    public static readonly string[] Swedish = Of("jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec.", "januari februari mars april maj juni juli augusti september oktober november december");
    public static readonly string[] Polish = Of("sty lut mar kwi maj cze lip sie wrz paź lis gru", "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia");

    private static string[] Of(string shortNames, string longNames) => [.. shortNames.Split(' '), .. longNames.Split(' ')];
}
