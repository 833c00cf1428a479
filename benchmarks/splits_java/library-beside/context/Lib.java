public class Lib {
    public static String word() {
        return "from a library";
    }
}
