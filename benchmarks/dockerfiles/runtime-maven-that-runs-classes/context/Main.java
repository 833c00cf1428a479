public class Main {
    public static void main(String[] words) {
        System.out.println(java.util.stream.IntStream.range(0, 10).sum() + " " + java.util.Locale.getDefault().getLanguage().length());
    }
}
