public class Hello {
    public static void main(String[] args) {
        System.out.println(Lib.word());
        System.exit(4);
    }
}
